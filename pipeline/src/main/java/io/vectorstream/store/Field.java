package io.vectorstream.store;

import io.vectorstream.event.EventField;

/**
 * The names of payload fields that several classes of this package use. Those of an event have
 * their names from its JSON ({@link EventField}).
 */
final class Field {

  static final String USER_ID = EventField.USER_ID.path();
  static final String EVENT_ID = EventField.EVENT_ID.path();
  static final String EVENT_TYPE = EventField.EVENT_TYPE.path();
  static final String TIMESTAMP = EventField.TIMESTAMP.path();

  static final String PRODUCT = EventField.PRODUCT;
  static final String PRODUCT_ID = EventField.PRODUCT_ID.path();
  static final String PRODUCT_NAME = EventField.PRODUCT_NAME.path();
  static final String PRODUCT_CATEGORY = EventField.PRODUCT_CATEGORY.path();
  static final String PRODUCT_PRICE = EventField.PRODUCT_PRICE.path();

  /** The time at which an event from the future counts; other events do not have it. */
  static final String COUNTED_AT = "counted_at";

  /** The time at which Kafka took the record of an event. */
  static final String INGESTED_AT = "ingested_at";

  static final String PARTITION = "partition";
  static final String OFFSET = "offset";

  /** The mark of the batch that has written a point. */
  static final String BATCH = "batch";

  /** The name of the model that has made the vectors. */
  static final String MODEL = "model";

  /** The numbers of events by type. */
  static final String COUNTS = "counts";

  static final String FIRST_SEEN = "first_seen";
  static final String LAST_SEEN = "last_seen";

  /** Every level of a product's category in lower case. */
  static final String CATEGORIES = "categories";

  static final String TEXT_HASH = "text_hash";
  static final String DESCRIBED_AT = "described_at";
  static final String EMBEDDING_ERROR = "embedding_error";

  /** What shoppers get to see of a product, by the products topic; others do not have it. */
  static final String LISTING = "listing";

  private Field() {}
}
