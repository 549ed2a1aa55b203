package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path into a payload as Qdrant writes it: {@code product.id}, {@code items[0].name}, {@code
 * items[].name}, with {@code "quoted keys"} where a name has other characters than letters, digits,
 * underscores and dashes.
 */
record JsonPath(String first, List<Step> rest) {

  /** One step behind the first key: a key, an index, or every element (index -1, key null). */
  record Step(String key, int index) {
    static final Step EVERY = new Step(null, -1);

    boolean everyElement() {
      return key == null && index < 0;
    }
  }

  private static final Pattern KEY = Pattern.compile("\"([^\"\\\\]*)\"|([\\p{L}\\p{N}_-]+)");
  private static final Pattern BRACKET = Pattern.compile("\\[(\\d{0,9})]");

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that is no path
   */
  static JsonPath parse(String text) {
    Matcher key = KEY.matcher(text);
    Matcher bracket = BRACKET.matcher(text);
    String first = null;
    List<Step> rest = new ArrayList<>();
    int at = 0;
    while (first == null || at < text.length()) {
      if (first != null && text.charAt(at) == '[') {
        if (!bracket.find(at) || bracket.start() != at) {
          throw invalid(text);
        }
        String index = bracket.group(1);
        rest.add(index.isEmpty() ? Step.EVERY : new Step(null, Integer.parseInt(index)));
        at = bracket.end();
        continue;
      }
      if (first != null) {
        if (text.charAt(at) != '.') {
          throw invalid(text);
        }
        at++;
      }
      if (!key.find(at) || key.start() != at) {
        throw invalid(text);
      }
      String name = key.group(1) != null ? key.group(1) : key.group(2);
      if (first == null) {
        first = name;
      } else {
        rest.add(new Step(name, -1));
      }
      at = key.end();
    }
    return new JsonPath(first, List.copyOf(rest));
  }

  private static RuntimeException invalid(String text) {
    return Refusal.invalid("Invalid json path: '" + text + "'");
  }

  /** This path with a {@code []} at its end. */
  JsonPath elements() {
    if (!rest.isEmpty() && rest.get(rest.size() - 1).everyElement()) {
      return this;
    }
    List<Step> steps = new ArrayList<>(rest);
    steps.add(Step.EVERY);
    return new JsonPath(first, steps);
  }

  /** Every value that the path leads to; an array is one value unless the path says {@code []}. */
  List<Value> values(Fields fields) {
    Value value = fields.get(first);
    if (value == null) {
      return List.of();
    }
    if (rest.isEmpty()) {
      return List.of(value);
    }
    List<Value> found = new ArrayList<>();
    collect(value, 0, found);
    return found;
  }

  private void collect(Value value, int depth, List<Value> found) {
    if (depth == rest.size()) {
      found.add(value);
      return;
    }
    Step step = rest.get(depth);
    if (step.key() != null) {
      Value next =
          value.hasStructValue() ? value.getStructValue().getFieldsMap().get(step.key()) : null;
      if (next != null) {
        collect(next, depth + 1, found);
      }
    } else if (value.hasListValue()) {
      ListValue list = value.getListValue();
      if (step.everyElement()) {
        list.getValuesList().forEach(element -> collect(element, depth + 1, found));
      } else if (step.index() < list.getValuesCount()) {
        collect(list.getValues(step.index()), depth + 1, found);
      }
    }
  }

  /** Merges {@code values} into the object at this path, making objects of what is in the way. */
  void merge(Map<String, Value> payload, Map<String, Value> values) {
    payload.put(first, merged(payload.get(first), 0, values));
  }

  /** Puts {@code values} over those in {@code payload}; a null takes its key out. */
  static void mergeAll(Map<String, Value> payload, Map<String, Value> values) {
    values.forEach(
        (key, value) -> {
          if (value.hasNullValue() || value.getKindCase() == Value.KindCase.KIND_NOT_SET) {
            payload.remove(key);
          } else {
            payload.put(key, value);
          }
        });
  }

  private Value merged(Value old, int depth, Map<String, Value> values) {
    if (depth == rest.size()) {
      Map<String, Value> object = objectOf(old);
      mergeAll(object, values);
      return ofObject(object);
    }
    Step step = rest.get(depth);
    if (step.key() != null) {
      Map<String, Value> object = objectOf(old);
      object.put(step.key(), merged(object.get(step.key()), depth + 1, values));
      return ofObject(object);
    }
    ListValue.Builder list =
        old != null && old.hasListValue() ? old.getListValue().toBuilder() : ListValue.newBuilder();
    for (int i = 0; i < list.getValuesCount(); i++) {
      if (step.everyElement() || i == step.index()) {
        list.setValues(i, merged(list.getValues(i), depth + 1, values));
      }
    }
    return Value.newBuilder().setListValue(list).build();
  }

  /** Takes out what the path leads to. Single elements of an array stay; {@code []} empties it. */
  void remove(Map<String, Value> payload) {
    if (rest.isEmpty()) {
      payload.remove(first);
    } else if (payload.containsKey(first)) {
      payload.put(first, without(payload.get(first), 0));
    }
  }

  private Value without(Value value, int depth) {
    Step step = rest.get(depth);
    boolean last = depth == rest.size() - 1;
    if (step.key() != null) {
      if (!value.hasStructValue() || !value.getStructValue().containsFields(step.key())) {
        return value;
      }
      Map<String, Value> object = objectOf(value);
      if (last) {
        object.remove(step.key());
      } else {
        object.put(step.key(), without(object.get(step.key()), depth + 1));
      }
      return ofObject(object);
    }
    if (!value.hasListValue()) {
      return value;
    }
    if (last) {
      return step.everyElement()
          ? Value.newBuilder().setListValue(ListValue.getDefaultInstance()).build()
          : value;
    }
    ListValue.Builder list = value.getListValue().toBuilder();
    for (int i = 0; i < list.getValuesCount(); i++) {
      if (step.everyElement() || i == step.index()) {
        list.setValues(i, without(list.getValues(i), depth + 1));
      }
    }
    return Value.newBuilder().setListValue(list).build();
  }

  private static Map<String, Value> objectOf(Value value) {
    return value != null && value.hasStructValue()
        ? new LinkedHashMap<>(value.getStructValue().getFieldsMap())
        : new LinkedHashMap<>();
  }

  private static Value ofObject(Map<String, Value> object) {
    return Value.newBuilder().setStructValue(Struct.newBuilder().putAllFields(object)).build();
  }
}
