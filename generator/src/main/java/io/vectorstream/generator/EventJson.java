package io.vectorstream.generator;

import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/** The JSON of the event that a session is at, or of a single one. */
public final class EventJson {

  private static final byte[][] PAYMENT_METHOD =
      Stream.of("credit_card", "debit_card", "paypal", "apple_pay", "bank_transfer", "gift_card")
          .map(EventJson::ascii)
          .toArray(byte[][]::new);

  static final int PAYMENT_METHODS = PAYMENT_METHOD.length;

  private static final byte[][] TYPE =
      Stream.of(EventType.values()).map(type -> ascii(type.json() + "\",")).toArray(byte[][]::new);

  private static final byte[] EVENT_ID = ascii("{\"event_id\":\"");
  private static final byte[] TIMESTAMP = ascii("\",\"timestamp\":\"");
  private static final byte[] USER_ID = ascii("\",\"user_id\":\"");
  private static final byte[] EVENT_TYPE = ascii("\",\"event_type\":\"");
  private static final byte[] SESSION_ID = ascii("\"session_id\":\"s-");
  private static final byte[] QUANTITY = ascii(",\"quantity\":");
  private static final byte[] TOTAL_AMOUNT = ascii(",\"total_amount\":");
  private static final byte[] PAYMENT = ascii(",\"payment_method\":\"");
  private static final byte[] VIEW_DURATION = ascii(",\"view_duration\":");
  private static final byte[] SEARCH_QUERY = ascii(",\"search_query\":");

  private static final byte[] ONLY = ascii(" Only ");
  private static final byte[] LEFT = ascii(" left.");
  private static final int MOST_LEFT = 1_000_000_000;

  /** The share of views with a duration: not every page reports how long it was open. */
  private static final double VIEW_DURATION_KNOWN = 0.9;

  private static final double USUAL_VIEW_SECONDS = 25;
  private static final int LONGEST_VIEW_SECONDS = 1800;

  private final Assortment assortment;
  private final SplittableRandom random;
  private final double changingShare;
  private final JsonBuffer json = new JsonBuffer();

  /**
   * @param changingShare share of the products that are described in an event as in no other
   */
  EventJson(Assortment assortment, SplittableRandom random, double changingShare) {
    this.assortment = assortment;
    this.random = random;
    this.changingShare = changingShare;
  }

  /**
   * Returns the event that a user has viewed a product, in a session of its own.
   *
   * @param id of the event, a random UUID
   * @param time is stored in microseconds
   */
  public static byte[] view(UUID id, Instant time, String userId, Product product) {
    JsonBuffer json = new JsonBuffer();
    byte[] quoted = Assortment.bytes(userId);
    putHead(
        json,
        id.getMostSignificantBits(),
        id.getLeastSignificantBits(),
        time.getEpochSecond(),
        time.getNano() / 1000,
        Arrays.copyOfRange(quoted, 1, quoted.length - 1),
        EventType.VIEW);
    json.put(Assortment.productField(product));
    json.put(',');
    putSession(json, id.getLeastSignificantBits());
    json.put('}');
    return json.toBytes();
  }

  /**
   * @param idMost upper half of the event's id
   * @param idLeast lower half
   * @param withProduct whether a search names its product in any case
   */
  byte[] write(
      Session session,
      long idMost,
      long idLeast,
      long epochSecond,
      int micros,
      boolean withProduct) {
    json.clear();
    putHead(json, idMost, idLeast, epochSecond, micros, session.shopper.idBytes, session.type);
    if (session.showsProduct || withProduct) {
      putProduct(session.product);
      json.put(',');
    }
    putSession(json, session.id);
    putOptionalFields(session);
    json.put('}');
    return json.toBytes();
  }

  private static void putHead(
      JsonBuffer json,
      long idMost,
      long idLeast,
      long epochSecond,
      int micros,
      byte[] user,
      EventType type) {
    json.put(EVENT_ID);
    json.putUuid(idMost, idLeast);
    json.put(TIMESTAMP);
    json.putTimestamp(epochSecond, micros);
    json.put(USER_ID);
    json.put(user);
    json.put(EVENT_TYPE);
    json.put(TYPE[type.ordinal()]);
  }

  private static void putSession(JsonBuffer json, long id) {
    json.put(SESSION_ID);
    json.putHex(id);
    json.put('"');
  }

  private void putProduct(int product) {
    byte[] field = assortment.productJson(product);
    if (changingShare > 0 && random.nextDouble() < changingShare) {
      int end = assortment.descriptionEnd(product);
      json.put(field, 0, end);
      json.put(ONLY);
      json.put(random.nextInt(MOST_LEFT));
      json.put(LEFT);
      json.put(field, end, field.length);
    } else {
      json.put(field);
    }
  }

  private void putOptionalFields(Session session) {
    switch (session.type) {
      case VIEW -> {
        if (random.nextDouble() < VIEW_DURATION_KNOWN) {
          json.put(VIEW_DURATION);
          json.put(viewSeconds());
        }
      }
      case ADD_TO_CART, REMOVE_FROM_CART -> putQuantity(session);
      case PURCHASE -> {
        putQuantity(session);
        json.put(TOTAL_AMOUNT);
        json.putCents(Math.round(assortment.price(session.product) * session.quantity * 100));
        json.put(PAYMENT);
        json.put(PAYMENT_METHOD[session.paymentMethod]);
        json.put('"');
      }
      case SEARCH -> {
        json.put(SEARCH_QUERY);
        json.put(assortment.queryJson(session.query));
      }
      case WISHLIST_ADD -> {}
    }
  }

  private void putQuantity(Session session) {
    json.put(QUANTITY);
    json.put(session.quantity);
  }

  /** Returns an exponentially distributed time: most views are short, a few are long. */
  private long viewSeconds() {
    double seconds = 1 - USUAL_VIEW_SECONDS * Math.log(1 - random.nextDouble());
    return (long) Math.min(seconds, LONGEST_VIEW_SECONDS);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
