package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path into a payload as Qdrant writes it: {@code product.id}, {@code items[0].name}, {@code
 * items[].name}, with {@code "quoted keys"} where a name has other characters than letters, digits,
 * underscores and dashes.
 */
record JsonPath(String first, List<Segment> rest) {

  /** One part behind the first key: a key, an index, or every element (index -1, key null). */
  record Segment(String key, int index) {
    static final Segment EVERY = new Segment(null, -1);

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
    List<Segment> rest = new ArrayList<>();
    int at = 0;
    while (first == null || at < text.length()) {
      if (first != null && text.charAt(at) == '[') {
        if (!bracket.find(at) || bracket.start() != at) {
          throw invalid(text);
        }
        String index = bracket.group(1);
        rest.add(index.isEmpty() ? Segment.EVERY : new Segment(null, Integer.parseInt(index)));
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
        rest.add(new Segment(name, -1));
      }
      at = key.end();
    }
    return new JsonPath(first, List.copyOf(rest));
  }

  private static RuntimeException invalid(String text) {
    return Refusal.invalid("Invalid json path: '" + text + "'");
  }

  /** Returns the values at this path; an array is one value unless the path says {@code []}. */
  List<Value> values(StoredPayload payload) {
    Value value = payload.get(first);
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
    Segment step = rest.get(depth);
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
}
