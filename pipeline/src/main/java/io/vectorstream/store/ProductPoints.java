package io.vectorstream.store;

import static io.vectorstream.store.Payload.number;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.merge.Listing;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The conversion of a product's state into a payload, and back. */
final class ProductPoints {

  /** The separator in a category that is a path: {@code Toys & Games | Puppets}. */
  private static final Pattern SEPARATOR = Pattern.compile("[|>]");

  /** The field that is true for a product some of whose texts wait for their embedding. */
  static final String PENDING = "embedding_pending";

  static final String PENDING_TEXTS = "pending_texts";

  /** The field that is true if a product's newest text waits, and is not among those texts. */
  private static final String NEWEST_PENDING = "newest_text_pending";

  /** The field with the record of the products topic that a product was changed by last. */
  private static final String LISTING_RECORD = "listing_record";

  /**
   * The field by which trending products are ordered; a product that no user has shown an interest
   * in does not have it.
   */
  static final String TREND = "trend";

  private ProductPoints() {}

  static Map<String, Value> payload(ProductState state) {
    Map<String, Value> payload = description(state.newest(), state.model());
    payload.put(Field.COUNTS, Payload.counts(state.counts()));
    Payload.putRevenue(payload, state.revenueUnits());
    if (state.wasSeen()) {
      payload.put(Field.FIRST_SEEN, text(Times.iso(state.firstSeenMicros())));
      payload.put(Field.LAST_SEEN, text(Times.iso(state.lastSeenMicros())));
    }
    if (state.hasTrend()) {
      payload.put(TREND, number(state.trend()));
    }
    if (state.embeddingError() != null) {
      payload.put(Field.EMBEDDING_ERROR, text(state.embeddingError()));
    }
    if (state.hasPending()) {
      payload.put(PENDING, Payload.flag(true));
    }
    if (state.newestPending()) {
      payload.put(NEWEST_PENDING, Payload.flag(true));
    }
    if (!state.pendingTexts().isEmpty()) {
      payload.put(
          PENDING_TEXTS,
          Payload.list(state.pendingTexts().values().stream().map(Payload::text).toList()));
    }
    payload.put(Field.BATCH, text(state.batch()));
    if (state.listing() != null) {
      payload.put(Field.LISTING, text(state.listing().status().json()));
      payload.put(LISTING_RECORD, record(state.listing()));
    }
    return payload;
  }

  private static Value record(Listing listing) {
    return Payload.struct(
        Map.of(
            "describes", Payload.flag(listing.describes()),
            "topic_id", text(listing.topicId()),
            "partition", Payload.integer(listing.partition()),
            "offset", Payload.integer(listing.offset()),
            "timestamp_ms", Payload.integer(listing.timestampMillis())));
  }

  private static Listing listing(Map<String, Value> payload) {
    if (!payload.containsKey(Field.LISTING)) {
      return null;
    }
    Map<String, Value> record = payload.get(LISTING_RECORD).getStructValue().getFieldsMap();
    return new Listing(
        Listing.Status.of(payload.get(Field.LISTING).getStringValue()),
        record.get("describes").getBoolValue(),
        record.get("topic_id").getStringValue(),
        Math.toIntExact(record.get("partition").getIntegerValue()),
        record.get("offset").getIntegerValue(),
        record.get("timestamp_ms").getIntegerValue());
  }

  /**
   * Returns the payload of a product that no event was about yet.
   *
   * @param waits whether its text waits for its embedding
   */
  static Map<String, Value> unseen(ProductVersion version, String model, boolean waits) {
    ProductState unseen = ProductState.unseen(version, model);
    return payload(waits ? unseen.withNewestPending() : unseen);
  }

  /** Returns the part of a payload that describes the product, likewise. */
  static Map<String, Value> description(ProductVersion version, String model, boolean waits) {
    Map<String, Value> payload = description(version, model);
    if (waits) {
      payload.put(PENDING, Payload.flag(true));
      payload.put(NEWEST_PENDING, Payload.flag(true));
    }
    return payload;
  }

  /** Returns the part of a payload that describes the product, without its counts. */
  static Map<String, Value> description(ProductVersion version, String model) {
    Map<String, Value> payload = new HashMap<>();
    payload.put(Field.PRODUCT, Payload.product(version.product()));
    payload.put(
        Field.CATEGORIES,
        Payload.list(
            categories(version.product().category()).stream().map(Payload::text).toList()));
    payload.put(Field.TEXT_HASH, text(version.textHash()));
    payload.put(Field.MODEL, text(model));
    payload.put(Field.DESCRIBED_AT, text(Times.iso(version.describedAtMicros())));
    return payload;
  }

  static ProductState state(Map<String, Value> payload) {
    return new ProductState(
        version(payload),
        payload.get(Field.MODEL).getStringValue(),
        Payload.counts(payload.get(Field.COUNTS)),
        Payload.revenue(payload),
        time(payload, Field.FIRST_SEEN, Long.MAX_VALUE),
        time(payload, Field.LAST_SEEN, Long.MIN_VALUE),
        payload.containsKey(TREND)
            ? Payload.asDouble(payload.get(TREND))
            : Double.NEGATIVE_INFINITY,
        payload.containsKey(Field.EMBEDDING_ERROR)
            ? payload.get(Field.EMBEDDING_ERROR).getStringValue()
            : null,
        pendingTexts(payload),
        payload.containsKey(NEWEST_PENDING),
        payload.get(Field.BATCH).getStringValue(),
        listing(payload));
  }

  static ProductVersion version(Map<String, Value> payload) {
    return new ProductVersion(
        Payload.product(payload.get(Field.PRODUCT)),
        payload.get(Field.TEXT_HASH).getStringValue(),
        Times.micros(payload.get(Field.DESCRIBED_AT).getStringValue()));
  }

  private static long time(Map<String, Value> payload, String field, long never) {
    return payload.containsKey(field) ? Times.micros(payload.get(field).getStringValue()) : never;
  }

  /** Returns the waiting texts by their hashes. */
  static Map<String, String> pendingTexts(Map<String, Value> payload) {
    Value texts = payload.get(PENDING_TEXTS);
    return texts == null
        ? Map.of()
        : texts.getListValue().getValuesList().stream()
            .map(Value::getStringValue)
            .collect(Collectors.toMap(ProductText::hash, text -> text));
  }

  /**
   * Returns every level of the category in lower case, which a filter by category is compared with.
   */
  static List<String> categories(String category) {
    if (category == null || category.isBlank()) {
      return List.of();
    }
    return Arrays.stream(SEPARATOR.split(category))
        .map(level -> level.strip().toLowerCase(Locale.ROOT))
        .filter(level -> !level.isEmpty())
        .toList();
  }
}
