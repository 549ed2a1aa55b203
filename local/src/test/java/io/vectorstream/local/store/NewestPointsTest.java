package io.vectorstream.local.store;

import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.byIds;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.keyword;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newest points are the same, whether they were kept in memory or are looked for. */
class NewestPointsTest {

  private static final Filter LOOK_AT_ALL = keyword("kind", "event");

  @TempDir Path folder;
  private final Random random = new Random(7);
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    store.payloadCollection("c");
    get(
        store.client.createPayloadIndexAsync(
            "c", "at", PayloadSchemaType.Datetime, null, true, null, null));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void the_newest_points_follow_writes_and_deletions() {
    assertThat(newest(5, Filter.getDefaultInstance())).isEmpty();
    for (long id = 1; id <= 2 * NewestPoints.MOST; id += 100) {
      PointStruct[] batch = new PointStruct[100];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = timed(id + i);
      }
      store.upsert("c", batch);
    }
    assertSame(20);

    for (int round = 0; round < 30; round++) {
      store.upsert("c", timed(1 + random.nextInt(NewestPoints.MOST)), timed(3000 + round));
      long newest = newest(1, Filter.getDefaultInstance()).get(0);
      get(store.client.deleteAsync("c", byIds(newest).getPoints().getIdsList()));
      assertSame(1 + random.nextInt(20));
    }
  }

  @Test
  void points_beyond_those_in_memory_are_found_when_most_of_these_are_deleted() {
    PointStruct[] all = new PointStruct[NewestPoints.MOST + 300];
    for (int i = 0; i < all.length; i++) {
      all[i] = timed(i + 1);
    }
    store.upsert("c", all);
    List<Long> kept = newest(NewestPoints.MOST - 5, Filter.getDefaultInstance());
    get(
        store.client.deleteAsync(
            "c",
            byIds(kept.stream().mapToLong(Long::longValue).toArray()).getPoints().getIdsList()));

    assertThat(newest(200, Filter.getDefaultInstance())).hasSize(200);
    assertSame(200);
  }

  private PointStruct timed(long id) {
    Instant time = Instant.parse("2024-01-15T10:30:00Z").plusMillis(random.nextInt(10_000_000));
    return point(id, Map.of("at", value(time.toString()), "kind", value("event")));
  }

  private void assertSame(int limit) {
    assertThat(newest(limit, Filter.getDefaultInstance()))
        .isEqualTo(newest(limit, LOOK_AT_ALL))
        .hasSize(limit);
  }

  private List<Long> newest(int limit, Filter filter) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName("c")
            .setLimit(limit)
            .setFilter(filter)
            .setOrderBy(OrderBy.newBuilder().setKey("at").setDirection(Direction.Desc))
            .build();
    return get(store.client.scrollAsync(request)).getResultList().stream()
        .map(point -> point.getId().getNum())
        .toList();
  }
}
