package io.vectorstream.event;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of an event, of contract C1: the one list of their names, types and presence. Spark's
 * schema and columns, the check for missing fields and the names in stored payloads follow from it.
 * {@code CONTRIBUTING.md} lists the places that a new field has to be added to by hand.
 */
public enum EventField {
  EVENT_ID("event_id", Type.TEXT, Presence.REQUIRED),
  TIMESTAMP("timestamp", Type.TEXT, Presence.REQUIRED),
  USER_ID("user_id", Type.TEXT, Presence.REQUIRED),
  EVENT_TYPE("event_type", Type.TEXT, Presence.REQUIRED),
  SESSION_ID("session_id", Type.TEXT, Presence.REQUIRED),
  PRODUCT_ID("product.id", Type.TEXT, Presence.REQUIRED),
  PRODUCT_NAME("product.name", Type.TEXT, Presence.REQUIRED),
  PRODUCT_DESCRIPTION("product.description", Type.TEXT, Presence.OPTIONAL),
  PRODUCT_CATEGORY("product.category", Type.TEXT, Presence.OPTIONAL),
  PRODUCT_PRICE("product.price", Type.NUMBER, Presence.REQUIRED),
  QUANTITY("quantity", Type.WHOLE_NUMBER, Presence.OPTIONAL),
  TOTAL_AMOUNT("total_amount", Type.NUMBER, Presence.OPTIONAL),
  PAYMENT_METHOD("payment_method", Type.TEXT, Presence.OPTIONAL),
  VIEW_DURATION("view_duration", Type.NUMBER, Presence.OPTIONAL),
  SEARCH_QUERY("search_query", Type.TEXT, Presence.OPTIONAL);

  /** The field that holds the fields of the product. */
  public static final String PRODUCT = "product";

  private static final String OF_PRODUCT = PRODUCT + ".";

  /** The JSON type of a field. */
  public enum Type {
    TEXT,
    /** Of at most 64 bits. */
    WHOLE_NUMBER,
    NUMBER
  }

  /** The rule for whether an event, or the product of an event that has one, may lack a field. */
  private enum Presence {
    REQUIRED,
    OPTIONAL
  }

  private final String path;
  private final String json;
  private final Type type;
  private final Presence presence;

  EventField(String path, Type type, Presence presence) {
    this.path = path;
    this.json = path.substring(path.indexOf('.') + 1);
    this.type = type;
    this.presence = presence;
  }

  /** Returns the path from the event to the field: names with dots between them. */
  public String path() {
    return path;
  }

  /** Returns the name of the field in its own JSON object: the event, or the event's product. */
  public String json() {
    return json;
  }

  /** Returns the name of the field's column in Spark. */
  String column() {
    return path.replace('.', '_');
  }

  public Type type() {
    return type;
  }

  /**
   * Returns whether every event has it or, for a field of the product, every event with a product.
   */
  public boolean isRequired() {
    return presence == Presence.REQUIRED;
  }

  /** Returns whether the field is an id, which is often written as a number. */
  public boolean isId() {
    return json.equals("id") || json.endsWith("_id");
  }

  /** Returns whether the field is one of the event's product. */
  public boolean isOfProduct() {
    return path.startsWith(OF_PRODUCT);
  }

  /** Returns the value of the field; null if the event has none. */
  public Object in(ShopEvent event) {
    if (isOfProduct() && event.product() == null) {
      return null;
    }
    return switch (this) {
      case EVENT_ID -> event.eventId();
      case TIMESTAMP -> event.timestamp();
      case USER_ID -> event.userId();
      case EVENT_TYPE -> event.type().json();
      case SESSION_ID -> event.sessionId();
      case PRODUCT_ID -> event.product().id();
      case PRODUCT_NAME -> event.product().name();
      case PRODUCT_DESCRIPTION -> event.product().description();
      case PRODUCT_CATEGORY -> event.product().category();
      case PRODUCT_PRICE -> event.product().price();
      case QUANTITY -> event.quantity();
      case TOTAL_AMOUNT -> event.totalAmount();
      case PAYMENT_METHOD -> event.paymentMethod();
      case VIEW_DURATION -> event.viewDuration();
      case SEARCH_QUERY -> event.searchQuery();
    };
  }

  /** Returns the field with this path. */
  public static Optional<EventField> of(String path) {
    return all().filter(field -> field.path.equals(path)).findFirst();
  }

  static Stream<EventField> all() {
    return Arrays.stream(values());
  }

  /** Returns the fields of the event without the product's, or the fields of its product. */
  static List<EventField> of(boolean product) {
    return all().filter(field -> field.isOfProduct() == product).toList();
  }

  /** Returns the names that are read in the JSON object of an event, or in that of its product. */
  static Set<String> names(boolean product) {
    Set<String> names = of(product).stream().map(EventField::json).collect(Collectors.toSet());
    if (!product) {
      names.add(PRODUCT);
    }
    return names;
  }
}
