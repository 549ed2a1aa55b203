package io.vectorstream.event;

import java.io.Serializable;

/**
 * A valid event (contract C1) and where it came from. What the event left out is null.
 *
 * @param receivedAtMicros when Kafka took the record, in microseconds since 1970
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
    String searchQuery) {

  /** The product as the event describes it. Description and category may be null. */
  public record Product(String id, String name, String description, String category, double price)
      implements Serializable {}

  public boolean isSearch() {
    return type == EventType.SEARCH;
  }

  /**
   * What a purchase brought in: its total, or else price times quantity. 0 for anything but a
   * purchase.
   */
  public double revenue() {
    if (type != EventType.PURCHASE) {
      return 0;
    }
    return totalAmount != null ? totalAmount : product.price() * (quantity == null ? 1 : quantity);
  }
}
