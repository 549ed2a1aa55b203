package io.vectorstream.http;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;

/** An event as the shop sent it, without the fields that it left out. */
record FoundEvent(
    String eventId,
    String timestamp,
    String userId,
    String eventType,
    String sessionId,
    Product product,
    Long quantity,
    Double totalAmount,
    String paymentMethod,
    Double viewDuration,
    String searchQuery) {

  static FoundEvent of(ShopEvent event) {
    return new FoundEvent(
        event.eventId(),
        event.timestamp(),
        event.userId(),
        event.type().json(),
        event.sessionId(),
        event.product(),
        event.quantity(),
        event.totalAmount(),
        event.paymentMethod(),
        event.viewDuration(),
        event.searchQuery());
  }
}
