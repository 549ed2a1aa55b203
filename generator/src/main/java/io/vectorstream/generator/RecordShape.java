package io.vectorstream.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The shape in which the records of a load are written: one event in each. */
public enum RecordShape {
  /** Events of this project's own shape, which need no mapping. */
  PLAIN("", ObjectNode.class::cast),
  /** The same fields in another spelling: numbers as texts, times as numbers. */
  VECTORSTREAM("vectorstream", ShapedEvents::spelledOtherwise),
  /** Requests of Google Analytics 4's Measurement Protocol. */
  GA4("ga4", ShapedEvents::ga4),
  /** Rows of Google Analytics 4's BigQuery export. */
  GA4_BIGQUERY("ga4-bigquery", ShapedEvents::bigQuery),
  /** Track calls of Segment's Spec. */
  SEGMENT("segment", ShapedEvents::segment),
  /** Shopify's webhooks of carts and orders, which say of an event only what these do. */
  SHOPIFY("shopify", ShapedEvents::shopify),
  /** Snowplow's enriched events, which have no wish lists. */
  SNOWPLOW("snowplow", ShapedEvents::snowplow);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String mapping;

  /** Returns the record's JSON; null where the shape has none for such an event. */
  private final Function<JsonNode, ObjectNode> writer;

  RecordShape(String mapping, Function<JsonNode, ObjectNode> writer) {
    this.mapping = mapping;
    this.writer = writer;
  }

  /** Returns the name of the mapping that reads it; empty if it needs none. */
  public String mapping() {
    return mapping;
  }

  /** Returns whether there are records of products that were viewed. */
  public boolean hasViews() {
    return this != SHOPIFY;
  }

  /**
   * Returns a source of the same events in this shape. Events that the shape has no record for are
   * passed over, and the next one takes their place.
   */
  public EventSource of(EventSource source) {
    return this == PLAIN ? source : new ShapedSource(source, this);
  }

  /**
   * Returns a record in this shape; empty if the shape has none for such an event. A malformed one
   * is malformed in this shape, too.
   */
  public Optional<GeneratedRecord> of(GeneratedRecord record) {
    if (this == PLAIN) {
      return Optional.of(record);
    }
    return (record.kind() == RecordKind.MALFORMED
            ? Optional.of(malformed(record.value()))
            : written(record.value()))
        .map(value -> new GeneratedRecord(record.kind(), record.key(), value));
  }

  private Optional<byte[]> written(byte[] event) {
    try {
      return Optional.ofNullable(writer.apply(JSON.readTree(event)))
          .map(shaped -> shaped.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns bytes that are no JSON where the mapping would leave out any record it does not know.
   */
  private byte[] malformed(byte[] value) {
    if (this != SHOPIFY && this != SNOWPLOW) {
      return value;
    }
    byte[] broken = new byte[1 + value.length];
    broken[0] = '#';
    System.arraycopy(value, 0, broken, 1, value.length);
    return broken;
  }

  private record ShapedSource(EventSource source, RecordShape shape) implements EventSource {

    @Override
    public GeneratedRecord next(Instant due) {
      GeneratedRecord record = source.next(due);
      Optional<GeneratedRecord> shaped = record == null ? Optional.empty() : shape.of(record);
      while (record != null && shaped.isEmpty()) {
        record = source.next(due);
        // A malformed one in the place of an event that was passed over would make their share
        // larger.
        shaped =
            record == null || record.kind() == RecordKind.MALFORMED
                ? Optional.empty()
                : shape.of(record);
      }
      return shaped.orElse(null);
    }

    @Override
    public long ownDue() {
      return source.ownDue();
    }
  }
}
