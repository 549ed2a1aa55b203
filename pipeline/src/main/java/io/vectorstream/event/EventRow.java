package io.vectorstream.event;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** One row of {@link EventParser#parse}: an event, or a record that has to be looked at. */
public final class EventRow {

  private static final List<String> COLUMNS =
      List.of(
          "partition",
          "offset",
          "received_at",
          "doubtful",
          "key",
          "value",
          "event_id",
          "timestamp",
          "event_time",
          "user_id",
          "event_type",
          "session_id",
          "product_id",
          "name",
          "description",
          "category",
          "price",
          "quantity",
          "total_amount",
          "payment_method",
          "view_duration",
          "search_query");

  private static final int PARTITION = 0;
  private static final int OFFSET = 1;
  private static final int RECEIVED_AT = 2;
  private static final int DOUBTFUL = 3;
  private static final int KEY = 4;
  private static final int VALUE = 5;
  private static final int EVENT_ID = 6;
  private static final int TIMESTAMP = 7;
  private static final int EVENT_TIME = 8;
  private static final int USER_ID = 9;
  private static final int EVENT_TYPE = 10;
  private static final int SESSION_ID = 11;
  private static final int PRODUCT_ID = 12;
  private static final int NAME = 13;
  private static final int DESCRIPTION = 14;
  private static final int CATEGORY = 15;
  private static final int PRICE = 16;
  private static final int QUANTITY = 17;
  private static final int TOTAL_AMOUNT = 18;
  private static final int PAYMENT_METHOD = 19;
  private static final int VIEW_DURATION = 20;
  private static final int SEARCH_QUERY = 21;

  private EventRow() {}

  /** The columns, in the order that {@link #read} reads them in. */
  static Column[] columns() {
    return COLUMNS.stream().map(functions::col).toArray(Column[]::new);
  }

  /** Whether the record's own bytes are in the row, for a closer look. */
  static boolean isDoubtful(Row row) {
    return row.getBoolean(DOUBTFUL);
  }

  /** What the record is: an event, or a dead letter. */
  public static ParsedRecord read(Row row) {
    return isDoubtful(row)
        ? StrictEventParser.parse(
            row.getAs(KEY),
            row.getAs(VALUE),
            row.getInt(PARTITION),
            row.getLong(OFFSET),
            row.getLong(RECEIVED_AT))
        : ParsedRecord.of(event(row));
  }

  private static ShopEvent event(Row row) {
    return new ShopEvent(
        row.getInt(PARTITION),
        row.getLong(OFFSET),
        row.getLong(RECEIVED_AT),
        row.getString(EVENT_ID),
        row.getString(TIMESTAMP),
        row.getLong(EVENT_TIME),
        row.getString(USER_ID),
        EventType.of(row.getString(EVENT_TYPE)),
        row.getString(SESSION_ID),
        product(row),
        row.getAs(QUANTITY),
        row.getAs(TOTAL_AMOUNT),
        row.getString(PAYMENT_METHOD),
        row.getAs(VIEW_DURATION),
        row.getString(SEARCH_QUERY));
  }

  private static ShopEvent.Product product(Row row) {
    if (row.isNullAt(PRODUCT_ID)) {
      return null;
    }
    return new ShopEvent.Product(
        row.getString(PRODUCT_ID),
        row.getString(NAME),
        row.getString(DESCRIPTION),
        row.getString(CATEGORY),
        row.getDouble(PRICE));
  }
}
