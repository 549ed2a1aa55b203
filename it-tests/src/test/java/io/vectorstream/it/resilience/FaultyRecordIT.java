package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.Reason;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A step after the parser fails for one record: it becomes a dead letter, the others continue. */
@ExtendWith(SharedServices.class)
class FaultyRecordIT {

  private static final int GOOD = 40;

  /** Small, so that there are chunks with a faulty event, with several, and with none. */
  private static final List<String> SMALL_CALLS = List.of("qdrant.upsert_batch=5");

  /**
   * A step with one event after it was parsed. Byteman makes each step fail if the event contains
   * the step's name.
   */
  private enum Step {
    READING("event.EventRow", "event", "EXIT", "$!.userId()", "reading it"),
    JUDGING("event.StrictEventParser", "event", "EXIT", "$!.userId()", "reading it"),
    ITS_ID("store.PointIds", "text", "ENTRY", "$1", "finding its point"),
    ITS_TEXT("embedding.ProductText", "of", "ENTRY", "$1", "counting it"),
    HASHING_ITS_TEXT("embedding.ProductText", "hash", "ENTRY", "$1", "counting it"),
    ITS_REVENUE("merge.Revenue", "units(ShopEvent)", "ENTRY", "$1.userId()", "counting it"),
    ITS_DEMAND("merge.Trend", "of", "ENTRY", "$1.userId()", "counting it"),
    ITS_SHARE("merge.Deltas", "share", "ENTRY", "$1.userId()", "counting it"),
    ITS_POINT("store.EventUpsert", "add", "ENTRY", "$1.userId()", "writing it"),
    ITS_PRODUCT("store.EventPayload", "write(Product)", "ENTRY", "$1.name()", "writing it");

    private final String type;
    private final String method;
    private final String where;
    private final String value;
    private final String told;

    Step(String type, String method, String where, String value, String told) {
      this.type = type;
      this.method = method;
      this.where = where;
      this.value = value;
      this.told = told;
    }

    private String rule() {
      return """
      RULE %1$s
      CLASS io.vectorstream.%2$s
      METHOD %3$s
      AT %4$s
      IF %5$s.contains("It fails at %1$s!")
      DO throw new IllegalArgumentException("on purpose at %1$s")
      ENDRULE
      """
          .formatted(name(), type, method, where, value);
    }

    /** Returns an event with the step's name in every place that a step may read. */
    private ObjectNode event(int number) {
      String mark = "It fails at " + name() + "!";
      // A text that may be a number or a flag is doubtful for Spark: the other parser decides.
      String description = this == JUDGING ? "1. " + mark : mark;
      ObjectNode product =
          Shop.product("lamp-" + name() + number, "Lamp " + mark, description, "Lighting", 20);
      return Shop.event("purchase", mark, product).put("event_id", mark + number);
    }
  }

  @Test
  void whatever_fails_at_one_record_that_record_is_a_dead_letter_and_the_others_are_counted(
      Services services, @TempDir Path folder) throws Exception {
    Path rules = folder.resolve("rules.btm");
    Files.writeString(
        rules, Stream.of(Step.values()).map(Step::rule).collect(Collectors.joining("\n")));
    ObjectNode lamp = Shop.product("lamp", "Lamp", "Of oak", "Lighting", 20);
    List<ObjectNode> good = new ArrayList<>();
    List<ObjectNode> all = new ArrayList<>();
    Map<Step, List<ObjectNode>> faulty = new EnumMap<>(Step.class);
    for (int i = 0; i < GOOD; i++) {
      good.add(Shop.event(i % 2 == 0 ? "purchase" : "view", "user-" + i % 7, lamp));
      all.add(good.get(i));
      if (i % 2 == 0) {
        for (Step step : Step.values()) {
          ObjectNode event = step.event(i);
          faulty.computeIfAbsent(step, key -> new ArrayList<>()).add(event);
          all.add(event);
        }
      }
    }
    int bad = all.size() - good.size();
    try (Deployment deployment = new Deployment(services, folder)) {
      deployment.send(all.toArray(ObjectNode[]::new));
      List<String> settings = new ArrayList<>(deployment.given());
      settings.addAll(SMALL_CALLS);
      try (ChildProgram program = ChildProgram.run(folder, rules, settings)) {
        program.awaitText("Reading ");
        Awaitility.await()
            .atMost(Deployment.PATIENCE)
            .until(
                () ->
                    deployment.stored().minutes().size() > 0
                        && deployment.deadLetters().size() >= bad);
      }

      StoreAssertions.assertSums(deployment, new Recomputation(deployment.settings(), good));
      assertThat(deployment.stored().countEvents()).isEqualTo(good.size());
      Map<String, ConsumerRecord<byte[], byte[]>> letters =
          deployment.deadLetters().stream()
              .collect(
                  toMap(
                      letter -> Shop.parse(letter.value()).path("event_id").asText(),
                      letter -> letter));
      assertThat(letters).hasSize(bad);
      faulty.forEach(
          (step, events) ->
              events.forEach(
                  event -> {
                    ConsumerRecord<byte[], byte[]> letter =
                        letters.get(event.path("event_id").asText());
                    assertThat(letter).as("%s", step).isNotNull();
                    assertThat(letter.value()).isEqualTo(Shop.bytes(event));
                    assertThat(letter.key())
                        .isEqualTo(event.path("user_id").asText().getBytes(UTF_8));
                    assertThat(header(letter, "reason")).isEqualTo(Reason.CANNOT_BE_STORED.code());
                    assertThat(header(letter, "detail"))
                        .startsWith(step.told + " fails: ")
                        .contains("on purpose at " + step);
                  }));
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
