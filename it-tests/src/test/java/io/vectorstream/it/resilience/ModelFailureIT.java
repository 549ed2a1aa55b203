package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.search.NotFoundException;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class ModelFailureIT {

  /** Makes the model's tokenizer fail on every call that has this word in it. */
  private static final String FAILS_ON_POISON =
      """
      RULE poison
      CLASS io.vectorstream.embedding.TextTokenizer
      METHOD tokenize(java.util.List)
      AT ENTRY
      IF $1.toString().contains("poison")
      DO throw new java.lang.IllegalArgumentException("this text cannot be read")
      ENDRULE
      """;

  private static final ObjectNode POISON =
      Shop.product("bad", "A poisoned text", "It breaks the model", "Things", 3);

  @Test
  void a_text_that_the_model_fails_on_takes_nothing_with_it_and_is_embedded_once_it_can_be(
      Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), FAILS_ON_POISON);
    List<ObjectNode> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ObjectNode good = Shop.product("good-" + i, "Good " + i, "Number " + i, "Things", 2 + i);
      sent.add(Shop.event("view", "user-" + i, good));
    }
    sent.add(Shop.event("purchase", "ada", POISON).put("quantity", 2));
    sent.add(Shop.event("search", "grace", null).put("search_query", "poison for rats"));

    try (Deployment deployment = new Deployment(services, folder)) {
      deployment.send(sent.toArray(ObjectNode[]::new));
      try (ChildProgram program = ChildProgram.run(folder, rules, deployment.given())) {
        program.awaitText("22 records in ");
        program.awaitText("product bad is stored without a vector: this text cannot be read");
        program.awaitText(
            "a search adds nothing to the interest of its user: cannot embed a text of 15 characters");
        assertThat(program.said() + program.logged()).doesNotContain("for rats");
      }
      Tally.done("text that the model fails on", 2);
      assertStored(deployment, sent);
      Point bad = deployment.stored().products().get("bad");
      assertThat(bad.vector()).as("vector of the product that failed").isNull();
      assertThat(bad.text("embedding_error")).contains("this text cannot be read");

      Settings settings = deployment.settings();
      try (VectorStore store = VectorStore.connect(settings.qdrant())) {
        Recommender recommender = new Recommender(store, settings.recommend());
        assertThatThrownBy(() -> recommender.forProduct("bad", SearchFilter.NONE, 5, 0))
            .isInstanceOf(NotFoundException.class)
            .hasMessageStartingWith("product 'bad' has no embedding");
      }

      ObjectNode again = Shop.event("view", "ada", POISON);
      deployment.send(again);
      sent.add(again);
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
      }
      Point mended = deployment.stored().products().get("bad");
      assertThat(mended.payload().has("embedding_error")).isFalse();
      StoreAssertions.assertSameDirection(
          mended.vector(),
          StoreAssertions.embedding(
              EmbeddingService.shared(deployment.settings().embedding()), POISON));
      assertThat(mended.counts()).isEqualTo(Map.of("purchase", 1L, "view", 1L));
    }
  }

  /** Checks all events, and all products except one with their vectors. */
  private static void assertStored(Deployment deployment, List<ObjectNode> sent) {
    assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
    Map<String, Recomputation.Product> expected =
        new Recomputation(deployment.settings(), sent).products();
    Map<String, Point> stored = deployment.stored().products();
    assertThat(stored.get("bad").counts()).isEqualTo(expected.get("bad").counts());
    expected.remove("bad");
    stored.remove("bad");
    StoreAssertions.assertProducts(
        stored, expected, EmbeddingService.shared(deployment.settings().embedding()));
    assertThat(deployment.stored().users()).hasSize(22);
    assertThat(deployment.deadLetters()).isEmpty();
  }
}
