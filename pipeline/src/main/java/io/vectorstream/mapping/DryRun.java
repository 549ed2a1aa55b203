package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.EventField;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.SkippedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What becomes of some records, without anything being stored. */
public final class DryRun {

  /** The fields, and event types, that are told apart: a record may have any names. */
  private static final int MOST_FIELDS = 10_000;

  private final RecordReader reader;

  /** Null where records are read as they are. */
  private final EventMapping mapping;

  private final Set<String> lookedAt;

  /** The places of arrays, in which another value counts as the only element. */
  private final Set<String> arrays;

  private final List<Result> results = new ArrayList<>();
  private final Map<String, Integer> unused = new TreeMap<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();

  /**
   * @param place of the record, such as {@code line 3}
   * @param events that it becomes, as JSON in this project's shape
   * @param letter null if it is no dead letter
   * @param skipped whether it is left out on purpose
   */
  public record Result(String place, List<ObjectNode> events, DeadLetter letter, boolean skipped) {}

  /**
   * @param mapping that the reader has; null for none
   */
  public DryRun(RecordReader reader, EventMapping mapping) {
    this.reader = reader;
    this.mapping = mapping;
    this.lookedAt =
        mapping == null
            ? Arrays.stream(EventField.values()).map(EventField::path).collect(Collectors.toSet())
            : mapping.fieldsLookedAt();
    this.arrays = mapping == null ? Set.of() : mapping.arraysLookedThrough();
  }

  /** Reads one more record. */
  public void add(String place, IncomingRecord record) {
    List<ObjectNode> events = new ArrayList<>();
    DeadLetter letter = null;
    boolean skipped = false;
    for (ParsedRecord read : reader.read(record)) {
      if (read instanceof ShopEvent event) {
        events.add(json(event));
      } else if (read instanceof DeadLetter one) {
        letter = one;
      }
      skipped |= read instanceof SkippedRecord;
    }
    results.add(new Result(place, events, letter, skipped));
    if (!skipped) {
      countUnused(record);
    }
    if (mapping != null) {
      countLeftOut(record);
    }
  }

  private void countLeftOut(IncomingRecord record) {
    Set<String> reasons = new HashSet<>();
    try {
      mapping.map(reader.json(record), record, reasons::add);
    } catch (BrokenRecordException e) {
      // Its dead letter says so.
    }
    count(reasons, leftOut);
  }

  private static void count(Set<String> ofRecord, Map<String, Integer> counts) {
    for (String one : ofRecord) {
      if (counts.containsKey(one) || counts.size() < MOST_FIELDS) {
        counts.merge(one, 1, Integer::sum);
      }
    }
  }

  private static ObjectNode json(ShopEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (EventField field : EventField.values()) {
      Object value = field.in(event);
      if (value != null) {
        ObjectNode of = field.isOfProduct() ? json.withObjectProperty(EventField.PRODUCT) : json;
        of.putPOJO(field.json(), value);
      }
    }
    return json;
  }

  private void countUnused(IncomingRecord record) {
    Set<String> fields = new HashSet<>();
    try {
      addFields("", "", reader.json(record), fields);
    } catch (BrokenRecordException e) {
      // Its dead letter says so.
    }
    count(fields, unused);
  }

  /**
   * Adds the paths of values that no path of the mapping leads to.
   *
   * @param path of the value
   * @param mapped the path by which the mapping finds it: {@code items[].sku} for {@code items.sku}
   *     where an object is in place of the array
   */
  private void addFields(String path, String mapped, JsonNode node, Set<String> fields) {
    if (!node.isArray() && arrays.contains(mapped)) {
      addFields(path, mapped + "[]", node, fields);
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  addFields(
                      within(path, field.getKey()),
                      within(mapped, field.getKey()),
                      field.getValue(),
                      fields));
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        // An array of words may be used as a whole.
        if (element.isContainerNode() || !isLookedAt(path, mapped)) {
          addFields(path + "[]", mapped + "[]", element, fields);
        }
      }
    } else if (!path.isEmpty()
        && !node.isNull()
        && !isLookedAt(path, mapped)
        && fields.size() < MOST_FIELDS) {
      fields.add(path);
    }
  }

  private static String within(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private boolean isLookedAt(String path, String mapped) {
    return lookedAt.contains(path) || lookedAt.contains(mapped);
  }

  /** Returns what becomes of each record, in their order. */
  public List<Result> results() {
    return results;
  }

  /** Returns the fields that were not used, and in how many records they are, by their paths. */
  public Map<String, Integer> unusedFields() {
    return unused;
  }

  /** Returns why records, or elements of them, are left out, and in how many records. */
  public Map<String, Integer> leftOut() {
    return leftOut;
  }

  /** Returns the number of records that become dead letters, by the reason's code. */
  public Map<String, Integer> deadLetters() {
    Map<String, Integer> byReason = new TreeMap<>();
    for (Result result : results) {
      if (result.letter() != null) {
        byReason.merge(result.letter().reason(), 1, Integer::sum);
      }
    }
    return byReason;
  }

  /** Returns the number of events. */
  public int events() {
    return results.stream().mapToInt(result -> result.events().size()).sum();
  }

  /** Returns the number of records that are left out on purpose. */
  public long skipped() {
    return results.stream().filter(Result::skipped).count();
  }
}
