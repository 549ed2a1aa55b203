package io.vectorstream.local.store;

import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Everything that changes points. Each method is one operation, gives its number back, and has
 * written it when it returns.
 */
final class Updates {

  private Updates() {}

  static long upsert(
      StoredCollection collection, List<RawPoint> points, Filter filter, UpdateMode mode) {
    StrictMode.of(collection).checkUpsert(points.size());
    Map<PointKey, Map<VectorSpec, float[]>> vectors = new HashMap<>();
    for (RawPoint point : points) {
      Map<VectorSpec, float[]> own = prepare(collection, point.vectors());
      if (!own.isEmpty() || !vectors.isEmpty()) {
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

  /** What may be written over, or inserted: a filter asks about points that exist already. */
  private static Predicate<StoredPoint> mayReplace(Selection selection, UpdateMode mode) {
    return switch (mode) {
      case InsertOnly -> existing -> existing == null;
      case UpdateOnly -> existing -> existing != null && selection.matches(existing);
      default -> existing -> existing == null || selection.matches(existing);
    };
  }

  private static Map<VectorSpec, float[]> prepare(StoredCollection collection, Vectors vectors) {
    return switch (vectors.getVectorsOptionsCase()) {
      case VECTOR -> {
        VectorSpec spec = collection.vector("");
        yield Map.of(spec, spec.prepare(vectors.getVector()));
      }
      case VECTORS -> {
        if (vectors.getVectors().getVectorsCount() == 0) {
          yield Map.of();
        }
        Map<VectorSpec, float[]> named = new HashMap<>();
        vectors
            .getVectors()
            .getVectorsMap()
            .forEach(
                (name, vector) -> {
                  VectorSpec spec = collection.vector(name);
                  named.put(spec, spec.prepare(vector));
                });
        yield named;
      }
      case VECTORSOPTIONS_NOT_SET -> throw Refusal.invalid("No Vector Provided");
    };
  }

  static long delete(StoredCollection collection, PointsSelector selector) {
    return collection.change(
        change -> {
          change.delete(Selection.ids(collection, selector));
          return change.operation();
        });
  }

  /**
   * @param key where in the payload the values go; empty for its top
   */
  static long setPayload(
      StoredCollection collection, PointsSelector selector, String key, Map<String, Value> values) {
    JsonPath path = key.isEmpty() ? null : JsonPath.parse(key);
    return edit(
        collection,
        selector,
        payload -> {
          if (path == null) {
            JsonPath.mergeAll(payload, values);
          } else {
            path.merge(payload, values);
          }
        });
  }

  static long overwritePayload(
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

  static long deletePayload(
      StoredCollection collection, PointsSelector selector, List<String> keys) {
    List<JsonPath> paths = keys.stream().map(JsonPath::parse).toList();
    return edit(collection, selector, payload -> paths.forEach(path -> path.remove(payload)));
  }

  static long clearPayload(StoredCollection collection, PointsSelector selector) {
    return overwritePayload(collection, selector, Map.of());
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

  static long updateVectors(StoredCollection collection, List<PointVectors> points, Filter filter) {
    StrictMode.of(collection).checkVectors(points.size());
    Map<PointKey, Map<VectorSpec, float[]>> vectors = new LinkedHashMap<>();
    for (PointVectors point : points) {
      vectors
          .computeIfAbsent(PointKey.of(point.getId()), key -> new HashMap<>())
          .putAll(prepare(collection, point.getVectors()));
    }
    Selection selection = Selection.of(collection, filter);
    return collection.change(
        change -> {
          vectors.forEach(
              (key, values) -> {
                StoredPoint point = collection.get(key);
                if (point == null) {
                  throw Refusal.noPoint(key);
                }
                if (selection.matches(point)) {
                  change.touch(point);
                  values.forEach((spec, floats) -> change.putVector(key, spec, floats));
                }
              });
          return change.operation();
        });
  }

  static long deleteVectors(
      StoredCollection collection, PointsSelector selector, List<String> names) {
    if (names.isEmpty()) {
      throw Refusal.invalid("Validation error: must specify vector names to delete");
    }
    List<VectorSpec> specs = names.stream().map(collection::vector).toList();
    return collection.change(
        change -> {
          for (StoredPoint point : existing(collection, selector)) {
            change.touch(point);
            specs.forEach(spec -> change.putVector(point.key(), spec, null));
          }
          return change.operation();
        });
  }

  @SuppressWarnings("deprecation") // older clients still send the deprecated forms
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
      case DELETE_DEPRECATED -> delete(collection, operation.getDeleteDeprecated());
      case DELETE_POINTS -> delete(collection, operation.getDeletePoints().getPoints());
      case SET_PAYLOAD -> {
        PointsUpdateOperation.SetPayload set = operation.getSetPayload();
        yield setPayload(collection, set.getPointsSelector(), set.getKey(), set.getPayloadMap());
      }
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
      case CLEAR_PAYLOAD_DEPRECATED ->
          clearPayload(collection, operation.getClearPayloadDeprecated());
      case CLEAR_PAYLOAD -> clearPayload(collection, operation.getClearPayload().getPoints());
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
      case OPERATION_NOT_SET -> throw Refusal.invalid("Operation is missing");
    };
  }
}
