package io.vectorstream.merge;

import io.vectorstream.event.ProductRecord;
import java.util.Locale;

/**
 * The latest word of the products topic about a product.
 *
 * @param describes whether the product is described by the topic, and not by events: a product may
 *     be retired before it was ever described
 * @param topicId Kafka's id of the topic; another one if it was deleted and created again
 * @param partition of the record
 * @param offset of the record
 * @param timestampMillis Kafka's time of the record, since 1970
 */
public record Listing(
    Status status,
    boolean describes,
    String topicId,
    int partition,
    long offset,
    long timestampMillis) {

  /** What shoppers get to see of a product. */
  public enum Status {
    /** It is found. */
    LISTED,
    /** It is not found, as it is not available. */
    HIDDEN,
    /** It is not found, as it is gone. */
    RETIRED;

    /** Returns its name in JSON and in a point. */
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the status of this name. */
    public static Status of(String json) {
      return valueOf(json.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * @param before what the topic has said before; null for nothing
   */
  static Listing of(ProductRecord record, String topicId, Listing before) {
    Status status =
        record.isRetirement() ? Status.RETIRED : record.available() ? Status.LISTED : Status.HIDDEN;
    return new Listing(
        status,
        !record.isRetirement() || before != null && before.describes,
        topicId,
        record.partition(),
        record.offset(),
        record.timestampMillis());
  }

  /**
   * Returns whether a record of the topic comes after this one. Within a partition, offsets say so;
   * otherwise the times at which Kafka took them. A record that was applied before does not.
   *
   * @param ofTopicId the topic's present id
   */
  boolean isBefore(ProductRecord record, String ofTopicId) {
    if (!topicId.equals(ofTopicId)) {
      return record.timestampMillis() >= timestampMillis;
    }
    if (partition == record.partition()) {
      return record.offset() > offset;
    }
    return record.timestampMillis() != timestampMillis
        ? record.timestampMillis() > timestampMillis
        : record.partition() > partition;
  }
}
