package io.vectorstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.points.WrittenPoint;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.local.system.SystemDescription.Sum;
import io.vectorstream.reports.result.SystemsResult.Sums;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sums, compared with those of a collection in a store. */
class ExpectedSumsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static TemporaryVectorStore server;
  private static VectorStore store;

  private final ForeignCollection collection =
      new ForeignCollection(store, "c" + UUID.randomUUID());

  @BeforeAll
  static void start() {
    server = TemporaryVectorStore.start("sums");
    Settings settings = SettingsLoader.load(Optional.empty(), Map.of(), server.settings());
    store = VectorStore.connect(settings.qdrant());
  }

  @AfterAll
  static void stop() {
    store.close();
    server.close();
  }

  private Sums compare(String... points) throws IOException {
    ExpectedSums sums = new ExpectedSums(new Sum("c", "product.id", "id", "counts", "revenue"));
    sums.add(json("{'event_type':'view','product':{'id':'a','price':2.5}}"));
    sums.add(json("{'event_type':'purchase','product':{'id':'a','price':2.5},'quantity':2}"));
    sums.add(json("{'event_type':'search','search_query':'no product'}"));
    collection.create(0, List.of());
    for (String point : points) {
      collection.write(List.of(new WrittenPoint(UUID.randomUUID(), json(point), null)));
    }
    return sums.compare(collection);
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void right_ones_are_right() throws IOException {
    assertThat(compare("{'id':'a','counts':{'view':1,'purchase':1,'search':0},'revenue':5}"))
        .isEqualTo(new Sums(1, 0, List.of()));
  }

  @Test
  void a_wrong_count_a_wrong_amount_and_a_missing_point_are_found() throws IOException {
    assertThat(compare("{'id':'a','counts':{'view':2,'purchase':1},'revenue':5}").examples())
        .containsExactly("product.id a");
    assertThat(new Sums(1, 1, List.of("product.id a, which is missing"))).isEqualTo(compareNone());
  }

  private Sums compareNone() throws IOException {
    ExpectedSums sums = new ExpectedSums(new Sum("c", "product.id", "id", "counts", null));
    sums.add(json("{'event_type':'view','product':{'id':'a','price':2.5}}"));
    return sums.compare(new ForeignCollection(store, "not-there"));
  }

  @Test
  void a_point_that_no_event_is_about_has_no_sums() throws IOException {
    assertThat(
            compare(
                    "{'id':'a','counts':{'view':1,'purchase':1},'revenue':5}",
                    "{'id':'b','counts':{},'revenue':0}",
                    "{'id':'c','counts':{'view':1},'revenue':0}")
                .wrong())
        .isEqualTo(1);
  }
}
