package io.vectorstream.store;

import com.google.common.collect.Lists;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.words.WordVector;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The move of points that an earlier version has stored under ids that this version does not use:
 * events and products whose ids are UUIDs of version 5, which may be the point id of another event
 * or product, and users whose ids are UUIDs, which the point of a forgotten user would reveal.
 * {@link PointIds} now gives them other ids.
 *
 * <p>Each point is copied, and then the old one deleted, both acknowledged. After a failure at any
 * place, a repeat finds the old point and copies it again, over its copy. So no other process may
 * write to the collections meanwhile.
 */
public final class PointIdMigration {
  private static final Logger log = LoggerFactory.getLogger(PointIdMigration.class);

  private static final int PAGE = 5_000;

  /** Points in one step; whole points may be large. */
  private static final int MOVED_AT_ONCE = 200;

  private static final int POINTS_PER_LINE = 500_000;

  private final VectorStore store;

  public PointIdMigration(VectorStore store) {
    this.store = store;
  }

  /**
   * Checks the id of every point that may have to move, which takes seconds for a million of them,
   * and moves those that have to. A second call finds nothing to do.
   *
   * @param scheme by which point ids were derived, see {@link PointIds#SCHEME}
   * @throws StoreException if the server does not answer, or refuses; points that were moved stay
   *     moved
   */
  public void move(int scheme) {
    Settings.Collections collections = store.collections();
    if (scheme < 2) {
      move(collections.events(), Field.EVENT_ID, PointIds::hasMoved, PointIds::point);
      move(collections.products(), Field.PRODUCT_ID, PointIds::hasMoved, PointIds::point);
    }
    move(collections.users(), Field.USER_ID, id -> true, PointIds::user);
  }

  /**
   * @param field the path of the payload's own id
   * @param moves selects the ids whose points have to move, if they lie under their own id
   * @param place returns the new point id
   */
  private void move(
      String collection, String field, Predicate<String> moves, Function<String, PointId> place) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of(field)))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    long seen = 0;
    long moved = 0;
    for (ScrollPages pages = new ScrollPages(store, request); pages.hasNext(); ) {
      List<RetrievedPoint> page = pages.next();
      List<PointId> old =
          page.stream()
              .filter(point -> isAtOwnId(point, field, moves))
              .map(RetrievedPoint::getId)
              .toList();
      Lists.partition(old, MOVED_AT_ONCE).forEach(ids -> move(collection, field, ids, place));
      moved += old.size();
      long before = seen;
      seen += page.size();
      if (before / POINTS_PER_LINE < seen / POINTS_PER_LINE) {
        log.info("looked at {} points of '{}', {} had to move", seen, collection, moved);
      }
    }
    if (moved > 0) {
      log.info("{} of {} points of '{}' were moved to new ids", moved, seen, collection);
    }
  }

  /** Returns whether a point lies under its own id, by its payload too: a name may have it. */
  private static boolean isAtOwnId(RetrievedPoint point, String field, Predicate<String> moves) {
    String at = point.getId().getUuid();
    return moves.test(at) && at.equals(ownId(point.getPayloadMap(), field));
  }

  private static String ownId(Map<String, Value> payload, String field) {
    Map<String, Value> fields = payload;
    String[] path = field.split("\\.");
    for (int i = 0; i < path.length - 1; i++) {
      Value group = fields.get(path[i]);
      fields = group == null ? Map.of() : group.getStructValue().getFieldsMap();
    }
    Value id = fields.get(path[path.length - 1]);
    return id == null ? "" : id.getStringValue();
  }

  private void move(
      String collection, String field, List<PointId> old, Function<String, PointId> place) {
    UpsertPoints.Builder copies =
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            // A copy that exists may have been changed since.
            .setUpdateMode(UpdateMode.InsertOnly);
    for (RetrievedPoint point :
        store.ask(client -> client.retrieveAsync(collection, old, true, true, null))) {
      copies.addPoints(
          PointStruct.newBuilder()
              .setId(place.apply(ownId(point.getPayloadMap(), field)))
              .setVectors(PointVectors.of(PointVectors.of(point), words(point, field)))
              .putAllPayload(point.getPayloadMap()));
    }
    store.upsert(copies);
    store.ask(client -> client.deleteAsync(collection, old));
  }

  /** Returns the words of a product; null for another point, or if products have none. */
  private WordVector words(RetrievedPoint point, String field) {
    return field.equals(Field.PRODUCT_ID) && store.isHybrid()
        ? store.words(Payload.product(point.getPayloadMap().get(Field.PRODUCT)))
        : null;
  }
}
