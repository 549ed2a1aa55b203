package io.vectorstream.it.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.local.run.DemoQueries;
import io.vectorstream.store.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hostile text in events is shown to the operator, and does not control the terminal. */
@ExtendWith(SharedServices.class)
class HostileTextIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Text that clears the screen, sets title and colour, reverses the writing, ends the line. */
  private static final String ATTACK =
      "\u001b[2J\u001b]0;owned\u0007\u009b8m\u202egnp.exe\rover\nforged: all is well";

  private static final String USER = "eve" + ATTACK;

  private static final ObjectNode PRODUCT =
      Shop.product("id" + ATTACK, "Mug" + ATTACK, "Of stoneware", "Kitchen" + ATTACK, 8);

  /** UTF-8 as in the launcher, and a quick start. */
  private static final List<String> FLAGS =
      List.of(
          "-Dfile.encoding=UTF-8",
          "-Dstdout.encoding=UTF-8",
          "-Dsun.stdout.encoding=UTF-8",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  @TempDir private Path folder;

  @Test
  void a_product_and_a_user_with_control_sequences_are_harmless_wherever_they_are_shown(
      Services services) throws Exception {
    try (Deployment deployment = new Deployment(services, folder)) {
      String topic = deployment.settings().kafka().topic();
      Path runs = folder.resolve("run");
      try (ChildProgram pipeline = program(runs, deployment, "run")) {
        deployment.send(
            Shop.event("view", USER, PRODUCT),
            Shop.event("purchase", USER, PRODUCT),
            Shop.event(ATTACK, USER, PRODUCT));
        deployment.send(
            List.of(new ProducerRecord<>(topic, USER.getBytes(UTF_8), ATTACK.getBytes(UTF_8))));
        // The collections exist.
        pipeline.awaitText(" dead-lettered;");
        pipeline.await(
            () ->
                deployment.stored().countEvents() == 2
                    && deployment.stored().users().size() == 1
                    && deployment.deadLetters().size() == 2);
        assertHarmless(pipeline.said());
      }
      assertHarmless(Files.readString(runs.resolve("vectorstream.log")));

      assertThat(said(deployment, "search", "a mug")).contains("Mug\\u001b[2J");
      assertThat(said(deployment, "recommend", "--trending")).contains("Mug\\u001b[2J");
      assertThat(said(deployment, "recommend", "--user", "nobody" + ATTACK))
          .contains("User 'nobody\\u001b[2J", "Mug\\u001b[2J");
      assertThat(said(deployment, "recommend", "--product", "unknown" + ATTACK))
          .contains("unknown\\u001b[2J");
      assertThat(said(deployment, "dead-letter", "list"))
          .contains("not_json", "unknown_event_type", "\\u001b[2J");
      assertThat(demonstrated(deployment)).contains("Mug\\u001b[2J", "eve\\u001b[2J");

      JsonNode found = JSON.readTree(said(deployment, "search", "--json", "a mug"));
      for (String field : List.of("id", "name", "category")) {
        assertThat(found.get(0).get(field)).isEqualTo(PRODUCT.get(field));
      }
    }
  }

  private ChildProgram program(Path to, Deployment deployment, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    deployment.given().forEach(setting -> all.addAll(List.of("--set", setting)));
    return ChildProgram.startedBy(to, Map.of(), ChildProgram.command(to, FLAGS, all));
  }

  private String said(Deployment deployment, String... arguments) throws Exception {
    Path to = Files.createTempDirectory(folder, arguments[0]);
    try (ChildProgram program = program(to, deployment, arguments)) {
      program.awaitEnd();
      assertHarmless(program.said());
      return program.said();
    }
  }

  /** Returns the final output of {@code demo} and {@code validate}. */
  private static String demonstrated(Deployment deployment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
      DemoQueries proof =
          new DemoQueries(store, deployment.settings(), new PrintStream(out, true, UTF_8));
      proof.searches(List.of("a mug" + ATTACK));
      proof.recommendations();
    }
    assertHarmless(out.toString(UTF_8));
    return out.toString(UTF_8);
  }

  private static void assertHarmless(String text) {
    assertThat(text.codePoints().filter(HostileTextIT::commands).mapToObj(Integer::toHexString))
        .as(text)
        .isEmpty();
    assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
  }

  private static boolean commands(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL -> character != '\n' && character != '\t';
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }
}
