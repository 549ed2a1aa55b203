package io.vectorstream.event;

import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;

/**
 * A valid event (contract C1) and its place in Kafka. Fields that the event left out are null, and
 * so are the fields that identify a forgotten user.
 *
 * @param receivedAtMicros when Kafka took the record, in microseconds since 1970; for a record
 *     whose own time cannot be true, when its batch was planned
 * @param timestamp as written, with its own offset and digits
 * @param eventTimeMicros the same in microseconds since 1970, UTC
 * @param product null only for a search
 * @param viewDuration seconds
 */
public record ShopEvent(
    int partition,
    long offset,
    long receivedAtMicros,
    String eventId,
    String timestamp,
    long eventTimeMicros,
    String userId,
    EventType type,
    String sessionId,
    Product product,
    Long quantity,
    Double totalAmount,
    String paymentMethod,
    Double viewDuration,
    String searchQuery)
    implements ParsedRecord {

  /**
   * The time that a record may be under way to Kafka, or that its shape may round, in microseconds.
   */
  private static final long ON_ITS_WAY = 2_000_000;

  /** The digits that Kafka's times lack, which are in milliseconds. */
  private static final long REST_OF_THE_MILLISECOND = 999;

  /**
   * Returns the time at which the event counts, in microseconds since 1970: its own, unless that is
   * ahead of the time at which Kafka took it. So no sender's clock can make an event newer than
   * that. This time decides between old and new, and is used for decay. It is derived from what is
   * stored, so it is the same whenever the event is counted again.
   */
  public long countedAtMicros() {
    return isAhead() ? receivedAtMicros : eventTimeMicros;
  }

  /** Returns whether the event's own time is ahead of the time at which Kafka took it. */
  public boolean isAhead() {
    return eventTimeMicros > receivedAtMicros + REST_OF_THE_MILLISECOND;
  }

  /** Returns whether it came to Kafka long after its own time. */
  public boolean isLate() {
    return receivedAtMicros - eventTimeMicros > ON_ITS_WAY;
  }

  /** Returns the same event, taken by Kafka at another time. */
  public ShopEvent takenAt(long micros) {
    return new ShopEvent(
        partition,
        offset,
        micros,
        eventId,
        timestamp,
        eventTimeMicros,
        userId,
        type,
        sessionId,
        product,
        quantity,
        totalAmount,
        paymentMethod,
        viewDuration,
        searchQuery);
  }

  /**
   * Returns the same event for a user who is forgotten. It keeps the fields that the sums of
   * products and minutes are made of, and the event's id, by which its copies are recognised.
   */
  public ShopEvent withoutUser() {
    return new ShopEvent(
        partition,
        offset,
        receivedAtMicros,
        eventId,
        timestamp,
        eventTimeMicros,
        null,
        type,
        null,
        product,
        quantity,
        totalAmount,
        null,
        null,
        null);
  }

  /** Returns whether the event's user is forgotten. */
  public boolean isWithoutUser() {
    return userId == null;
  }

  public boolean isSearch() {
    return type == EventType.SEARCH;
  }
}
