package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.EventField;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.MappedEvent;
import io.vectorstream.event.Reason;
import io.vectorstream.event.RecordMapping;
import io.vectorstream.mapping.MappingFile.UnknownTypes;
import io.vectorstream.shop.EventType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mapping that a {@link MappingFile} describes. Where a path takes the elements of an array one
 * by one, there is an event for each of them; an array that is empty or not there counts as one
 * with one element that has no fields. A search that lies outside of an array with several elements
 * is one event, without a product.
 */
public final class EventMapping implements RecordMapping {

  private static final long serialVersionUID = 1L;

  /** The name, in the list of event types, of those that are left out. */
  static final String SKIP = "skip";

  /** The most elements that a record is taken apart into. */
  static final int MOST_ELEMENTS = 10_000;

  /** The most characters that the texts of a record's events have: they may share long ones. */
  static final long MOST_CHARACTERS = 32_000_000;

  private final EnumMap<EventField, Expression> fields = new EnumMap<>(EventField.class);
  private final Map<String, String> eventTypes;
  private final boolean skipsUnknownTypes;
  private final List<Condition> skip;
  private final AbsentValues absent;
  private final Times times;
  private final Money money;
  private final EventIds ids;

  /** A path through each array whose elements are taken one by one. */
  private final FieldPath arrays;

  /** Whether a record may be an array. */
  private final boolean beginsWithArray;

  EventMapping(MappingFile file) {
    file.fields()
        .forEach(
            (name, text) -> fields.put(EventField.of(name).orElseThrow(), Expression.parse(text)));
    this.eventTypes = Map.copyOf(file.eventTypes());
    this.skipsUnknownTypes = file.unknownEventTypes() == UnknownTypes.SKIP;
    this.skip = List.copyOf(file.skip());
    this.absent = new AbsentValues(Set.copyOf(file.absent()));
    this.times = Times.of(file.times());
    this.money = Money.of(file.money());
    this.ids = new EventIds(fields.get(EventField.EVENT_ID), absent);
    this.arrays = deepest(paths());
    this.beginsWithArray = paths().anyMatch(FieldPath::beginsWithArray);
  }

  private Stream<FieldPath> paths() {
    Stream<Source> ofFields = fields.values().stream().flatMap(Expression::sources);
    Stream<Source> ofConditions = skip.stream().flatMap(Condition::sources);
    Stream<Source> ofMoney = money.currency() == null ? Stream.empty() : money.currency().sources();
    return Stream.of(ofFields, ofConditions, ofMoney)
        .flatMap(sources -> sources)
        .map(Source::path)
        .filter(path -> path != null);
  }

  /** Returns the path that takes the elements of the most arrays. */
  static FieldPath deepest(Stream<FieldPath> paths) {
    return paths.max(Comparator.comparingInt(FieldPath::depth)).orElseGet(() -> new FieldPath("x"));
  }

  /** Returns the fields that it looks at, each element of an array as {@code []}. */
  public Set<String> fieldsLookedAt() {
    return paths()
        .flatMap(path -> path.looksAt().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the arrays whose elements it takes one by one; an empty text for the record itself. */
  Set<String> arraysLookedThrough() {
    return arrays.looksThrough();
  }

  @Override
  public List<MappedEvent> map(JsonNode json, IncomingRecord record) throws BrokenRecordException {
    return map(json, record, why -> {});
  }

  /**
   * Returns the events of a record.
   *
   * @param leftOut receives why the record, or an element of it, is left out
   */
  List<MappedEvent> map(JsonNode json, IncomingRecord record, Consumer<String> leftOut)
      throws BrokenRecordException {
    if (!json.isContainerNode()) {
      throw new BrokenRecordException(
          Reason.NOT_JSON, "the value is no JSON object or array, expected one");
    }
    if (json.isArray() && !beginsWithArray) {
      throw new BrokenRecordException(
          Reason.WRONG_TYPE,
          "the value is an array, which no path of the mapping begins with; expected an object, or paths such as []."
              + EventField.EVENT_ID.json());
    }
    Events events = new Events(leftOut);
    addEvents(new Scope(record, json, arrays.depth()), 0, events);
    return events.made;
  }

  /** The events that a record is taken apart into, as many and as large as memory has room for. */
  private static final class Events {

    private final List<MappedEvent> made = new ArrayList<>(1);
    private final Consumer<String> leftOut;
    private int elements;
    private long characters;

    Events(Consumer<String> leftOut) {
      this.leftOut = leftOut;
    }

    void countElement() throws BrokenRecordException {
      elements++;
      if (elements > MOST_ELEMENTS) {
        throw new BrokenRecordException(
            Reason.CANNOT_BE_STORED,
            "the record has more than %,d elements that are events, expected no more of them; none is stored"
                .formatted(MOST_ELEMENTS));
      }
    }

    void add(MappedEvent event) throws BrokenRecordException {
      made.add(event);
      characters += event.json() == null ? 0 : characters(event.json());
      if (made.size() > 1 && characters > MOST_CHARACTERS) {
        throw new BrokenRecordException(
            Reason.CANNOT_BE_STORED,
            "the first %,d events of the record have more than %,d characters together, expected no more in all of them; none is stored"
                .formatted(made.size(), MOST_CHARACTERS));
      }
    }

    private static long characters(JsonNode event) {
      long characters = 0;
      for (JsonNode field : event) {
        characters += field.isTextual() ? field.textValue().length() : characters(field);
      }
      return characters;
    }
  }

  private void addEvents(Scope scope, int array, Events events) throws BrokenRecordException {
    if (array == arrays.depth()) {
      addEvent(scope, events);
      return;
    }
    JsonNode elements = absent.orNull(arrays.array(array, scope.elements()[array]));
    if (elements == null || !elements.isArray()) {
      scope.enter(array, 0, elements == null ? MissingNode.getInstance() : elements);
      addEvents(scope, array + 1, events);
      return;
    }
    if (elements.size() > 1 && isWholeSearch(scope, array)) {
      addEvent(scope, events);
      return;
    }
    for (int i = 0; i < elements.size(); i++) {
      scope.enter(array, i, elements.get(i));
      addEvents(scope, array + 1, events);
    }
  }

  /**
   * Returns whether what lies outside of this array and those within it is a search. Its elements
   * are then what was found or shown, and no further searches. If so, it leaves the scope with no
   * element of them.
   */
  private boolean isWholeSearch(Scope scope, int array) {
    Expression query = fields.get(EventField.SEARCH_QUERY);
    if (query == null) {
      return false;
    }
    for (int each = array; each < arrays.depth(); each++) {
      scope.enter(each, 0, MissingNode.getInstance());
    }
    Expression.Found found = fields.get(EventField.EVENT_TYPE).find(scope, absent);
    return found != null
        && EventType.SEARCH.json().equals(ours(found.value().asText()))
        && query.find(scope, absent) != null;
  }

  private void addEvent(Scope scope, Events events) throws BrokenRecordException {
    events.countElement();
    MappedEvent event = event(scope, events.leftOut);
    if (event != null) {
      events.add(event);
    }
  }

  /** Returns the event that is made here; null if it is left out. */
  private MappedEvent event(Scope scope, Consumer<String> leftOut) {
    for (Condition condition : skip) {
      if (condition.holds(scope, absent)) {
        leftOut.accept("skip: " + condition);
        return null;
      }
    }
    String item = arrays.element(scope.indexes());
    try {
      Optional<String> type = type(scope);
      if (type.isPresent() && type.get().equals(SKIP)) {
        String theirs = fields.get(EventField.EVENT_TYPE).find(scope, absent).value().asText();
        leftOut.accept("event_type: " + BrokenRecordException.quote(theirs));
        return null;
      }
      EventIds.EventId id = ids.of(scope);
      return new MappedEvent(item, event(scope, type, id), id == null || id.isKept());
    } catch (BrokenRecordException e) {
      return new MappedEvent(item, e);
    }
  }

  /** Returns the event's type here, or that it is skipped; empty if it has none. */
  private Optional<String> type(Scope scope) throws BrokenRecordException {
    Expression.Found found = fields.get(EventField.EVENT_TYPE).find(scope, absent);
    if (found == null) {
      return Optional.empty();
    }
    String theirs = found.value().asText();
    String ours = ours(theirs);
    if (ours.equals(SKIP) || EventType.names().contains(ours)) {
      return Optional.of(ours);
    }
    if (skipsUnknownTypes) {
      return Optional.of(SKIP);
    }
    Set<String> known = new TreeSet<>(eventTypes.keySet());
    known.addAll(EventType.names());
    throw new BrokenRecordException(
        Reason.UNKNOWN_EVENT_TYPE,
        "event_type (%s) is '%s', expected one of %s"
            .formatted(
                found.source(), BrokenRecordException.quote(theirs), String.join(", ", known)));
  }

  private String ours(String type) {
    return eventTypes.getOrDefault(type, type);
  }

  private ObjectNode event(Scope scope, Optional<String> type, EventIds.EventId id)
      throws BrokenRecordException {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    ObjectNode product = JsonNodeFactory.instance.objectNode();
    if (id != null) {
      event.put(EventField.EVENT_ID.json(), id.text());
    }
    type.ifPresent(name -> event.put(EventField.EVENT_TYPE.json(), name));
    for (Map.Entry<EventField, Expression> entry : fields.entrySet()) {
      EventField field = entry.getKey();
      if (field == EventField.EVENT_ID || field == EventField.EVENT_TYPE) {
        continue;
      }
      Expression.Found found = entry.getValue().find(scope, absent);
      if (found != null) {
        (field.isOfProduct() ? product : event).set(field.json(), value(field, found, scope));
      }
    }
    if (product.has(EventField.PRODUCT_ID.json())) {
      event.set(EventField.PRODUCT, product);
    }
    requireAll(event);
    return event;
  }

  private JsonNode value(EventField field, Expression.Found found, Scope scope)
      throws BrokenRecordException {
    if (field == EventField.TIMESTAMP) {
      return JsonNodeFactory.instance.textNode(times.time(found));
    }
    return switch (field.type()) {
      case TEXT -> Coercion.text(field, found.value());
      case WHOLE_NUMBER -> Coercion.wholeNumber(found.value());
      case NUMBER -> {
        BigDecimal number = Coercion.number(field, found);
        yield Coercion.json(
            field == EventField.VIEW_DURATION
                ? times.seconds(number)
                : money.amount(field, number, scope, absent));
      }
    };
  }

  /**
   * Checks that all is there that an event must have, to name the places where it was looked for.
   */
  private void requireAll(ObjectNode event) throws BrokenRecordException {
    JsonNode product = event.get(EventField.PRODUCT);
    boolean isSearch =
        event.path(EventField.EVENT_TYPE.json()).asText().equals(EventType.SEARCH.json());
    boolean mayLackProduct =
        product == null && isSearch && event.has(EventField.SEARCH_QUERY.json());
    List<String> missing = new ArrayList<>();
    for (Map.Entry<EventField, Expression> entry : fields.entrySet()) {
      EventField field = entry.getKey();
      boolean isThere =
          field.isOfProduct()
              ? product == null
                  ? field != EventField.PRODUCT_ID || mayLackProduct
                  : product.has(field.json())
              : event.has(field.json());
      if (field.isRequired() && !isThere) {
        missing.add(place(field));
        if (field == EventField.PRODUCT_ID
            && isSearch
            && fields.containsKey(EventField.SEARCH_QUERY)) {
          missing.add(place(EventField.SEARCH_QUERY) + ", of which a search needs one");
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new BrokenRecordException(
          Reason.MISSING_FIELD, "missing or empty: " + String.join(", ", missing));
    }
  }

  private String place(EventField field) {
    return "%s (%s)".formatted(field.path(), fields.get(field));
  }
}
