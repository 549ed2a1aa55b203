package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.vectorstream.config.Settings;
import io.vectorstream.search.Recommendations;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A user who has bought more than any answer or filter should hold. */
@ExtendWith(SharedServices.class)
class ManyPurchasesIT {
  private static final int PURCHASES = 20_000;

  /** The number of products, each bought several times. */
  private static final int BOUGHT = 2_500;

  private static final int NOT_BOUGHT = 5;
  private static final Instant NOW = Instant.now();

  @Test
  void whoever_has_bought_nearly_everything_is_recommended_the_rest(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      List<ObjectNode> events = new ArrayList<>();
      for (int i = 0; i < PURCHASES; i++) {
        events.add(Shop.event("purchase", "merchant", product(i % BOUGHT)));
      }
      for (int i = 0; i < NOT_BOUGHT; i++) {
        events.add(Shop.event("view", "visitor", product(BOUGHT + i)));
      }
      // The interest of this user is used up, so that trending products are recommended.
      for (int i = 0; i < BOUGHT; i++) {
        events.add(Shop.event("purchase", "undecided", product(i), NOW));
        events.add(Shop.event("view", "undecided", product(i), NOW));
        for (int times = 0; times < 3; times++) {
          events.add(Shop.event("remove_from_cart", "undecided", product(i), NOW));
        }
      }
      deployment.send(events.toArray(ObjectNode[]::new));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(events.size());
        pipeline.await(() -> deployment.stored().countPending() == 0);
      }

      try (VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
        Settings.Collections collections = deployment.settings().qdrant().collections();
        limitConditions(store, collections.products());
        limitConditions(store, collections.events());
        for (double popularity : new double[] {0, 0.3}) {
          Recommender recommender =
              new Recommender(store, new Settings.Recommend(0, popularity, 0));
          Recommendations found = recommender.forUser("merchant", SearchFilter.NONE, 10, 0.3, true);
          Recommendations trending =
              recommender.forUser("undecided", SearchFilter.NONE, 10, 0, true);
          assertThat(trending.strategy()).isEqualTo(Strategy.TRENDING);
          assertThat(trending.products())
              .extracting(ProductHit::id)
              .containsExactlyInAnyOrderElementsOf(notBought());
          assertThat(found.strategy()).isEqualTo(Strategy.INTEREST);
          assertThat(found.products())
              .extracting(ProductHit::id)
              .containsExactlyInAnyOrderElementsOf(notBought());
        }
      }
    }
  }

  /** Makes the store refuse a filter with more values than these. */
  private static void limitConditions(VectorStore store, String collection) {
    UpdateCollection update =
        UpdateCollection.newBuilder()
            .setCollectionName(collection)
            .setStrictModeConfig(
                StrictModeConfig.newBuilder().setEnabled(true).setConditionMaxSize(500))
            .build();
    store.ask(client -> client.updateCollectionAsync(update));
  }

  private static List<String> notBought() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < NOT_BOUGHT; i++) {
      ids.add("mug-" + (BOUGHT + i));
    }
    return ids;
  }

  /** All are near to each other. */
  private static ObjectNode product(int number) {
    return Shop.product("mug-" + number, "Mug " + number % 7, "Of stoneware", "Kitchen", 8);
  }
}
