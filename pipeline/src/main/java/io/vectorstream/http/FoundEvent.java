package io.vectorstream.http;

import io.vectorstream.event.ShopEvent;

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

  record Product(String id, String name, String description, String category, double price) {

    static Product of(ShopEvent.Product product) {
      return product == null
          ? null
          : new Product(
              product.id(),
              product.name(),
              product.description(),
              product.category(),
              product.price());
    }
  }

  static FoundEvent of(ShopEvent event) {
    return new FoundEvent(
        event.eventId(),
        event.timestamp(),
        event.userId(),
        event.type().json(),
        event.sessionId(),
        Product.of(event.product()),
        event.quantity(),
        event.totalAmount(),
        event.paymentMethod(),
        event.viewDuration(),
        event.searchQuery());
  }
}
