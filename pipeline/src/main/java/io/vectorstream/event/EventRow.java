package io.vectorstream.event;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** One row of {@link EventParser#parse}: an event, or a dead letter. */
public final class EventRow {

  private static final List<String> COLUMNS =
      List.of(
          "partition",
          "offset",
          "received_at",
          "reason",
          "detail",
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
  private static final int REASON = 3;
  private static final int DETAIL = 4;
  private static final int KEY = 5;
  private static final int VALUE = 6;
  private static final int EVENT_ID = 7;
  private static final int TIMESTAMP = 8;
  private static final int EVENT_TIME = 9;
  private static final int USER_ID = 10;
  private static final int EVENT_TYPE = 11;
  private static final int SESSION_ID = 12;
  private static final int PRODUCT_ID = 13;
  private static final int NAME = 14;
  private static final int DESCRIPTION = 15;
  private static final int CATEGORY = 16;
  private static final int PRICE = 17;
  private static final int QUANTITY = 18;
  private static final int TOTAL_AMOUNT = 19;
  private static final int PAYMENT_METHOD = 20;
  private static final int VIEW_DURATION = 21;
  private static final int SEARCH_QUERY = 22;

  private EventRow() {}

  /** The columns, in the order that {@link #event} and {@link #deadLetter} read them in. */
  static Column[] columns() {
    return COLUMNS.stream().map(functions::col).toArray(Column[]::new);
  }

  public static boolean isDeadLetter(Row row) {
    return !row.isNullAt(REASON);
  }

  public static DeadLetter deadLetter(Row row) {
    return new DeadLetter(
        row.getAs(KEY),
        row.getAs(VALUE),
        row.getInt(PARTITION),
        row.getLong(OFFSET),
        row.getLong(RECEIVED_AT),
        row.getString(REASON),
        row.getString(DETAIL));
  }

  public static ShopEvent event(Row row) {
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
