package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A new model beside a running pipeline, from the first copy to the last deletion. */
@ExtendWith(SharedServices.class)
class ModelMigrationIT {

  private static final String[] ADJECTIVES = {"red", "small", "wooden", "warm", "light", "old"};
  private static final String[] THINGS = {"lamp", "boots", "mug", "tent", "chair", "coat", "drill"};
  private static final String[] TYPES = {
    "view", "purchase", "add_to_cart", "wishlist_add", "remove_from_cart"
  };

  private final Random random = new Random(7);
  private final List<ObjectNode> sent = new ArrayList<>();

  @Test
  void a_model_is_replaced_without_a_stop_and_every_sum_of_both_stays_exact(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder);
        Migration migration = new Migration(services, deployment)) {
      try (RunningPipeline pipeline = deployment.start()) {
        send(deployment, 300, 0);
        pipeline.awaitRecords(sent.size());

        migration.begin();
        while (!migration.isReady()) {
          // New products, new texts and new users come while what is stored is copied.
          send(deployment, 20, sent.size() / 50);
          pipeline.awaitRecords(sent.size());
        }
        send(deployment, 50, 40);
        awaitAll(pipeline, migration);
        migration.assertBothExact(sent);
        ModelState ready = migration.state();
        assertThat(ready.switched()).isFalse();
        assertThat(ready.progress().inPart()).isZero();

        String compared = migration.run("model", "compare", "--sample", "20", "--query", "a lamp");
        assertThat(compared)
            .containsPattern("Of the 10 nearest of 20 products, both models have \\d+%")
            .contains("Search for \"a lamp\"");

        String switched = migration.run("model", "switch");
        assertThat(switched)
            .contains("the next start", Migration.NEW_MODEL)
            .contains("model switch-back");
        assertThat(migration.state().inUse()).isEqualTo(ready.other());
        send(deployment, 50, 41);
        awaitAll(pipeline, migration);
        migration.assertBothExact(sent);
        assertThat(migration.run("search", "a lamp", "--json")).contains("lamp");
        assertThat(migration.run("recommend", "--user", "user-1", "--json")).contains("score");

        migration.run("model", "switch-back");
        send(deployment, 50, 42);
        awaitAll(pipeline, migration);
        migration.assertBothExact(sent);

        migration.run("model", "switch");
        String former = migration.state().other().products();
        migration.run("model", "drop-old");
        assertThat(migration.state().phase()).isEqualTo(Phase.SETTLED);
        assertThat(names(deployment)).doesNotContain(former);
        send(deployment, 50, 43);
        pipeline.awaitRecords(sent.size());
        pipeline.await(() -> migration.waitsForNothing(migration.state().inUse()));
        assertInUseExact(migration, deployment);
        assertThat(pipeline.health().restarts()).isZero();
      }
      // The settings of the next start name the former model, and the one in use is taken.
      try (RunningPipeline pipeline = deployment.start()) {
        send(deployment, 50, 44);
        pipeline.awaitRecords(50);
        pipeline.await(() -> migration.waitsForNothing(migration.state().inUse()));
        assertInUseExact(migration, deployment);
      }
    }
  }

  @Nightly
  @Test
  void a_migration_is_cancelled_and_another_begun(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder);
        Migration migration = new Migration(services, deployment);
        RunningPipeline pipeline = deployment.start()) {
      send(deployment, 100, 0);
      pipeline.awaitRecords(sent.size());
      migration.begin();
      String second = migration.state().other().products();
      migration.run("model", "cancel");
      assertThat(names(deployment)).doesNotContain(second);
      assertThat(migration.command("model", "switch"))
          .satisfies(
              refused -> {
                assertThat(refused.status()).isEqualTo(1);
                assertThat(refused.said()).contains("there is no other; expected");
              });

      migration.begin();
      assertThat(migration.state().other().products()).isNotEqualTo(second);
      pipeline.await(migration::isReady);
      awaitAll(pipeline, migration);
      migration.assertBothExact(sent);
      assertThat(migration.command("model", "migrate", "--to", "bundled", "--no-wait").said())
          .contains("is the one in use; expected another one");
    }
  }

  private void assertInUseExact(Migration migration, Deployment deployment) {
    migration.assertExact(
        migration.state().inUse(), deployment.settings(Migration.NEW_MODEL), sent, Set.of());
  }

  private static List<String> names(Deployment deployment) {
    try (VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
      return store.collectionNames();
    }
  }

  private void awaitAll(RunningPipeline pipeline, Migration migration) {
    pipeline.awaitRecords(sent.size());
    pipeline.await(migration::waitsForNothing);
  }

  /**
   * Sends events of few users about few products.
   *
   * @param version of the products' texts
   */
  private void send(Deployment deployment, int count, int version) {
    ObjectNode[] events = new ObjectNode[count];
    for (int i = 0; i < count; i++) {
      String user = "user-" + random.nextInt(20 + version);
      if (i % 7 == 6) {
        events[i] =
            Shop.event("search", user, null)
                .put("search_query", word(ADJECTIVES) + " " + word(THINGS));
      } else {
        int number = random.nextInt(40 + version);
        String name = ADJECTIVES[number % ADJECTIVES.length] + " " + THINGS[number % THINGS.length];
        String text = number % 10 == 0 ? "version " + version : "number " + number;
        events[i] =
            Shop.event(
                word(TYPES), user, Shop.product("p-" + number, name, text, "Things", 5 + number));
      }
      sent.add(events[i]);
    }
    deployment.send(events);
  }

  private String word(String[] words) {
    return words[random.nextInt(words.length)];
  }
}
