package io.vectorstream.store;

import static io.vectorstream.store.Payload.number;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A product's state as a payload, and back. */
final class ProductPoints {

  /** Between the parts of a category that is a path: {@code Toys & Games | Puppets}. */
  private static final Pattern SEPARATOR = Pattern.compile("\\s*[|>]\\s*");

  /** The field that is true for a product some of whose texts wait for their embedding. */
  static final String PENDING = "embedding_pending";

  private ProductPoints() {}

  static Map<String, Value> payload(ProductState state) {
    ProductVersion newest = state.newest();
    Map<String, Value> payload = new HashMap<>();
    payload.put("product", Payload.product(newest.product()));
    payload.put(
        "categories",
        Payload.list(categories(newest.product().category()).stream().map(Payload::text).toList()));
    payload.put("text_hash", text(newest.textHash()));
    payload.put("model", text(state.model()));
    payload.put("described_at", text(Times.iso(newest.describedAtMicros())));
    payload.put("counts", Payload.counts(state.counts()));
    payload.put("revenue", number(state.revenue()));
    payload.put("first_seen", text(Times.iso(state.firstSeenMicros())));
    payload.put("last_seen", text(Times.iso(state.lastSeenMicros())));
    if (state.embeddingError() != null) {
      payload.put("embedding_error", text(state.embeddingError()));
    }
    if (!state.pendingTexts().isEmpty()) {
      payload.put(PENDING, Payload.flag(true));
      payload.put(
          "pending_texts",
          Payload.list(state.pendingTexts().values().stream().map(Payload::text).toList()));
    }
    payload.put("batch", text(state.batch()));
    return payload;
  }

  static ProductState state(Map<String, Value> payload) {
    return new ProductState(
        new ProductVersion(
            Payload.product(payload.get("product")),
            payload.get("text_hash").getStringValue(),
            Times.micros(payload.get("described_at").getStringValue())),
        payload.get("model").getStringValue(),
        Payload.counts(payload.get("counts")),
        ProductState.revenueUnits(Payload.asDouble(payload.get("revenue"))),
        Times.micros(payload.get("first_seen").getStringValue()),
        Times.micros(payload.get("last_seen").getStringValue()),
        payload.containsKey("embedding_error")
            ? payload.get("embedding_error").getStringValue()
            : null,
        pendingTexts(payload.get("pending_texts")),
        payload.get("batch").getStringValue());
  }

  private static Map<String, String> pendingTexts(Value texts) {
    return texts == null
        ? Map.of()
        : texts.getListValue().getValuesList().stream()
            .map(Value::getStringValue)
            .collect(Collectors.toMap(ProductText::hash, text -> text));
  }

  /**
   * Every level of the category in lower case, which is what a filter by category is compared with.
   */
  static List<String> categories(String category) {
    if (category == null || category.isBlank()) {
      return List.of();
    }
    return Arrays.stream(SEPARATOR.split(category.strip()))
        .map(level -> level.toLowerCase(Locale.ROOT))
        .filter(level -> !level.isEmpty())
        .toList();
  }
}
