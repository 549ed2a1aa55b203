package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of payloads that an answer carries: all, none, or some paths. */
final class PayloadSelector {

  private enum Kind {
    ALL,
    NONE,
    INCLUDE
  }

  private final Kind kind;
  private final List<JsonPath> paths;

  private PayloadSelector(Kind kind, List<JsonPath> paths) {
    this.kind = kind;
    this.paths = paths;
  }

  /**
   * @param given true if the request has a selector
   * @param otherwise for a request without one: true for everything, false for nothing
   */
  static PayloadSelector of(boolean given, WithPayloadSelector selector, boolean otherwise) {
    if (!given) {
      return new PayloadSelector(otherwise ? Kind.ALL : Kind.NONE, List.of());
    }
    return switch (selector.getSelectorOptionsCase()) {
      case ENABLE -> new PayloadSelector(selector.getEnable() ? Kind.ALL : Kind.NONE, List.of());
      case INCLUDE ->
          new PayloadSelector(Kind.INCLUDE, paths(selector.getInclude().getFieldsList()));
      case EXCLUDE -> throw Refusal.unsupported("A payload without some of its fields");
      case SELECTOROPTIONS_NOT_SET -> throw Refusal.invalid("No PayloadSelector");
    };
  }

  private static List<JsonPath> paths(List<String> fields) {
    return fields.stream().map(JsonPath::parse).toList();
  }

  /** Tells whether payloads are given whole. */
  boolean isAll() {
    return kind == Kind.ALL;
  }

  Map<String, Value> select(StoredPoint point) {
    return switch (kind) {
      case ALL -> point.decoded();
      case NONE -> Map.of();
      case INCLUDE -> include(point.fields());
    };
  }

  private Map<String, Value> include(StoredPayload payload) {
    Map<String, Value> chosen = new LinkedHashMap<>();
    for (JsonPath path : paths) {
      if (!chosen.containsKey(path.first())) {
        Value value = payload.get(path.first());
        if (value != null) {
          chosen.put(path.first(), included(value, rests(path.first()), 0));
        }
      }
    }
    return chosen;
  }

  private List<List<JsonPath.Segment>> rests(String first) {
    return paths.stream().filter(path -> path.first().equals(first)).map(JsonPath::rest).toList();
  }

  private static Value included(Value value, List<List<JsonPath.Segment>> wanted, int depth) {
    if (wanted.stream().anyMatch(steps -> steps.size() == depth)) {
      return value;
    }
    if (value.hasStructValue()) {
      Struct.Builder object = Struct.newBuilder();
      value
          .getStructValue()
          .getFieldsMap()
          .forEach(
              (key, child) -> {
                List<List<JsonPath.Segment>> within = following(wanted, depth, key);
                if (!within.isEmpty()) {
                  object.putFields(key, included(child, within, depth + 1));
                }
              });
      return Value.newBuilder().setStructValue(object).build();
    }
    if (value.hasListValue()) {
      List<List<JsonPath.Segment>> within = following(wanted, depth, null);
      ListValue.Builder list = ListValue.newBuilder();
      if (!within.isEmpty()) {
        value
            .getListValue()
            .getValuesList()
            .forEach(element -> list.addValues(included(element, within, depth + 1)));
      }
      return Value.newBuilder().setListValue(list).build();
    }
    return value;
  }

  /** Returns the paths that go on through this key, or through {@code []} for a null key. */
  private static List<List<JsonPath.Segment>> following(
      List<List<JsonPath.Segment>> paths, int depth, String key) {
    return paths.stream()
        .filter(
            steps ->
                key == null ? steps.get(depth).everyElement() : key.equals(steps.get(depth).key()))
        .toList();
  }
}
