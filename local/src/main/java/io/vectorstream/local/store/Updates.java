package io.vectorstream.local.store;

import com.google.protobuf.Message;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.UpdateMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The operations that change points. Each method is one operation, returns its number, and has
 * written it when it returns.
 */
final class Updates {

  private static final Set<String> OPERATIONS =
      Set.of(
          "upsert",
          "set_payload",
          "overwrite_payload",
          "delete_payload",
          "update_vectors",
          "delete_vectors");
  private static final Set<String> OPTIONS =
      Set.of("points_selector", "payload", "keys", "vectors");

  private Updates() {}

  static long upsert(
      StoredCollection collection, List<RawPoint> points, Filter filter, UpdateMode mode) {
    Map<PointKey, PointValues> vectors = new HashMap<>();
    for (RawPoint point : points) {
      PointValues own = PointValues.of(collection, point.vectors());
      if (own.isPresent() || !vectors.isEmpty()) {
        vectors.put(point.key(), own);
      }
    }
    Predicate<StoredPoint> may = mayReplace(Selection.of(collection, filter), mode);
    return collection.change(
        change -> {
          change.upsert(points, vectors, may);
          return change.operation();
        });
  }

  /**
   * Returns a test for each point of an upsert: given the stored point, or null if there is none,
   * it is true where the upsert writes. A filter is asked about stored points only.
   */
  private static Predicate<StoredPoint> mayReplace(Selection selection, UpdateMode mode) {
    return switch (mode) {
      case Upsert -> existing -> existing == null || selection.matches(existing);
      case InsertOnly -> existing -> existing == null;
      default -> throw Refusal.unsupported("The update mode " + mode);
    };
  }

  static long delete(StoredCollection collection, PointsSelector selector) {
    return collection.change(
        change -> {
          change.delete(Selection.ids(collection, selector));
          return change.operation();
        });
  }

  /** Puts values over those at the top of the payload; a null takes its key out. */
  static long setPayload(
      StoredCollection collection, PointsSelector selector, Map<String, Value> values) {
    return edit(
        collection,
        selector,
        payload ->
            values.forEach(
                (key, value) -> {
                  if (FieldCheck.isNull(value)) {
                    payload.remove(key);
                  } else {
                    payload.put(key, value);
                  }
                }));
  }

  private static long overwritePayload(
      StoredCollection collection, PointsSelector selector, Map<String, Value> values) {
    byte[] encoded = StoredPayload.encode(values);
    return collection.change(
        change -> {
          for (StoredPoint point : existing(collection, selector)) {
            change.put(point.key(), point, encoded);
          }
          return change.operation();
        });
  }

  private static long deletePayload(
      StoredCollection collection, PointsSelector selector, List<String> keys) {
    List<JsonPath> paths = keys.stream().map(JsonPath::parse).toList();
    if (paths.stream().anyMatch(path -> !path.rest().isEmpty())) {
      throw Refusal.unsupported("The deletion of a key within an object");
    }
    return edit(
        collection, selector, payload -> paths.forEach(path -> payload.remove(path.first())));
  }

  private static long edit(
      StoredCollection collection, PointsSelector selector, Consumer<Map<String, Value>> edit) {
    return collection.change(
        change -> {
          for (StoredPoint point : existing(collection, selector)) {
            Map<String, Value> payload = new LinkedHashMap<>(point.decoded());
            edit.accept(payload);
            change.put(point.key(), point, StoredPayload.encode(payload));
          }
          return change.operation();
        });
  }

  /**
   * @throws io.grpc.StatusRuntimeException NOT_FOUND when one of the ids has no point
   */
  private static List<StoredPoint> existing(StoredCollection collection, PointsSelector selector) {
    List<PointKey> keys = Selection.ids(collection, selector).stream().distinct().toList();
    List<StoredPoint> points = collection.get(keys);
    for (int i = 0; i < keys.size(); i++) {
      if (points.get(i) == null) {
        throw Refusal.noPoint(keys.get(i));
      }
    }
    return points;
  }

  private static long updateVectors(
      StoredCollection collection, List<PointVectors> points, Filter filter) {
    Selection selection = Selection.of(collection, filter);
    Map<PointKey, PointValues> vectors = new LinkedHashMap<>();
    for (PointVectors point : points) {
      vectors.put(PointKey.of(point.getId()), PointValues.of(collection, point.getVectors()));
    }
    return collection.change(
        change -> {
          vectors.forEach(
              (key, values) -> {
                StoredPoint point = collection.get(key);
                if (point == null) {
                  throw Refusal.noPoint(key);
                }
                if (!selection.matches(point)) {
                  return;
                }
                change.touch(point);
                if (values.dense() != null) {
                  change.putVector(key, values.dense());
                }
                values.sparse().forEach((name, own) -> change.putSparse(name, key, own));
              });
          return change.operation();
        });
  }

  private static long deleteVectors(
      StoredCollection collection, PointsSelector selector, List<String> names) {
    if (names.isEmpty()) {
      throw Refusal.invalid("Validation error: must specify vector names to delete");
    }
    names.stream()
        .filter(name -> !collection.sparse().containsKey(name))
        .forEach(collection::vector);
    return collection.change(
        change -> {
          for (StoredPoint point : existing(collection, selector)) {
            change.touch(point);
            for (String name : names) {
              if (collection.sparse().containsKey(name)) {
                change.putSparse(name, point.key(), null);
              } else {
                change.putVector(point.key(), null);
              }
            }
          }
          return change.operation();
        });
  }

  /** Checks one operation of a batch; all are checked before the first is applied. */
  static void check(StoredCollection collection, PointsUpdateOperation operation) {
    Refusal.checkOptions("a batch of updates", operation, OPERATIONS);
    switch (operation.getOperationCase()) {
      case UPDATE_VECTORS ->
          Refusal.checkOptions(
              "an update of vectors",
              operation.getUpdateVectors(),
              Set.of("points", "update_filter"));
      case SET_PAYLOAD ->
          check(
              collection, operation.getSetPayload(), operation.getSetPayload().getPointsSelector());
      case OVERWRITE_PAYLOAD ->
          check(
              collection,
              operation.getOverwritePayload(),
              operation.getOverwritePayload().getPointsSelector());
      case DELETE_PAYLOAD ->
          check(
              collection,
              operation.getDeletePayload(),
              operation.getDeletePayload().getPointsSelector());
      case DELETE_VECTORS ->
          check(
              collection,
              operation.getDeleteVectors(),
              operation.getDeleteVectors().getPointsSelector());
      default -> {}
    }
  }

  private static void check(StoredCollection collection, Message change, PointsSelector selector) {
    Refusal.checkOptions("a change of points", change, OPTIONS);
    StrictMode.of(collection).checkSelector(selector);
  }

  static long apply(StoredCollection collection, PointsUpdateOperation operation) {
    return switch (operation.getOperationCase()) {
      case UPSERT -> {
        PointsUpdateOperation.PointStructList upsert = operation.getUpsert();
        yield upsert(
            collection,
            upsert.getPointsList().stream().map(RawPoint::of).toList(),
            upsert.getUpdateFilter(),
            upsert.getUpdateMode());
      }
      case SET_PAYLOAD ->
          setPayload(
              collection,
              operation.getSetPayload().getPointsSelector(),
              operation.getSetPayload().getPayloadMap());
      case OVERWRITE_PAYLOAD ->
          overwritePayload(
              collection,
              operation.getOverwritePayload().getPointsSelector(),
              operation.getOverwritePayload().getPayloadMap());
      case DELETE_PAYLOAD ->
          deletePayload(
              collection,
              operation.getDeletePayload().getPointsSelector(),
              operation.getDeletePayload().getKeysList());
      case UPDATE_VECTORS ->
          updateVectors(
              collection,
              operation.getUpdateVectors().getPointsList(),
              operation.getUpdateVectors().getUpdateFilter());
      case DELETE_VECTORS ->
          deleteVectors(
              collection,
              operation.getDeleteVectors().getPointsSelector(),
              operation.getDeleteVectors().getVectors().getNamesList());
      default -> throw Refusal.invalid("Operation is missing");
    };
  }
}
