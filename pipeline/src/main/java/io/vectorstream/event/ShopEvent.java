package io.vectorstream.event;

import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;

/**
 * A valid event (contract C1) and where it came from. What the event left out is null, and so is
 * what tells of a user who is forgotten.
 *
 * @param receivedAtMicros when Kafka took the record, in microseconds since 1970; of a record whose
 *     own time cannot be true, when its batch was planned
 * @param timestamp as it came, with its own offset and digits
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

  /** The digits that Kafka's times lack, which are in milliseconds. */
  private static final long REST_OF_THE_MILLISECOND = 999;

  /**
   * The time at which it counts, in microseconds since 1970: its own, unless that is ahead of when
   * Kafka took it. No clock of a sender can make it newer than that: what decides between old and
   * new, or decays, goes by this time. It follows from what is stored, so that it is the same
   * whenever the event is counted again.
   */
  public long countedAtMicros() {
    return isAhead() ? receivedAtMicros : eventTimeMicros;
  }

  /** Whether its own time is ahead of when Kafka took it. */
  public boolean isAhead() {
    return eventTimeMicros > receivedAtMicros + REST_OF_THE_MILLISECOND;
  }

  /** The same event, taken by Kafka at another time. */
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
   * The same event for a user who is forgotten. What the sums of products and minutes are made of
   * stays, and the event's id, by which its copies are known.
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

  /** Whether its user is forgotten. */
  public boolean isWithoutUser() {
    return userId == null;
  }

  public boolean isSearch() {
    return type == EventType.SEARCH;
  }
}
