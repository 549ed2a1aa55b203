package io.vectorstream.event;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

/** One row of {@link EventParser#parse}: an event, or a record that has to be looked at. */
public final class EventRow {

  private static final List<String> COLUMNS =
      List.of(
          "partition",
          "offset",
          "received_at",
          "doubtful",
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
  private static final int VALUE = 4;
  private static final int EVENT_ID = 5;
  private static final int TIMESTAMP = 6;
  private static final int EVENT_TIME = 7;
  private static final int USER_ID = 8;
  private static final int EVENT_TYPE = 9;
  private static final int SESSION_ID = 10;
  private static final int PRODUCT_ID = 11;
  private static final int NAME = 12;
  private static final int DESCRIPTION = 13;
  private static final int CATEGORY = 14;
  private static final int PRICE = 15;
  private static final int QUANTITY = 16;
  private static final int TOTAL_AMOUNT = 17;
  private static final int PAYMENT_METHOD = 18;
  private static final int VIEW_DURATION = 19;
  private static final int SEARCH_QUERY = 20;

  /**
   * 2000-01-01T00:00:00Z, in microseconds since 1970: no record of Kafka is older, but for one
   * whose time is in seconds, or is not known.
   */
  private static final long EARLIEST_RECORD_MICROS = 946_684_800_000_000L;

  private EventRow() {}

  /** The columns, in the order that {@link #read} reads them in. */
  static Column[] columns() {
    return COLUMNS.stream().map(functions::col).toArray(Column[]::new);
  }

  /** Rows as Spark has them inside: nothing is copied, and a row is good until the next one. */
  public static JavaRDD<InternalRow> rdd(Dataset<Row> parsed) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) parsed)
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /** Whether the record's own bytes are in the row, for a closer look. */
  static boolean isDoubtful(InternalRow row) {
    return row.getBoolean(DOUBTFUL);
  }

  /**
   * What the record is: an event, or a dead letter. Reading does not throw: what cannot be read is
   * a dead letter, too.
   *
   * @param plannedAtMicros when the record's batch was planned, in microseconds since 1970
   */
  public static ParsedRecord read(InternalRow row, long plannedAtMicros) {
    try {
      long takenAt = takenAt(row, plannedAtMicros);
      return isDoubtful(row) ? judged(row, takenAt) : ParsedRecord.of(event(row, takenAt));
    } catch (RuntimeException e) {
      return ParsedRecord.of(
          DeadLetter.of(
              row.getInt(PARTITION),
              row.getLong(OFFSET),
              row.getLong(RECEIVED_AT),
              "reading it",
              e));
    }
  }

  /**
   * When Kafka took the record, as far as its time can be believed: it is the producer's, unless
   * the topic says otherwise. A record that claims to be from before Kafka, or from the future, was
   * taken when its batch was planned.
   */
  private static long takenAt(InternalRow row, long plannedAtMicros) {
    long claimed = row.getLong(RECEIVED_AT);
    return claimed >= EARLIEST_RECORD_MICROS && claimed <= plannedAtMicros
        ? claimed
        : plannedAtMicros;
  }

  private static ParsedRecord judged(InternalRow row, long takenAtMicros) {
    ParsedRecord record =
        StrictEventParser.parse(
            row.getBinary(VALUE),
            row.getInt(PARTITION),
            row.getLong(OFFSET),
            row.getLong(RECEIVED_AT));
    return record.isEvent() ? ParsedRecord.of(record.event().takenAt(takenAtMicros)) : record;
  }

  private static ShopEvent event(InternalRow row, long takenAtMicros) {
    return new ShopEvent(
        row.getInt(PARTITION),
        row.getLong(OFFSET),
        takenAtMicros,
        text(row, EVENT_ID),
        text(row, TIMESTAMP),
        row.getLong(EVENT_TIME),
        text(row, USER_ID),
        EventType.of(text(row, EVENT_TYPE)),
        text(row, SESSION_ID),
        product(row),
        row.isNullAt(QUANTITY) ? null : row.getLong(QUANTITY),
        number(row, TOTAL_AMOUNT),
        text(row, PAYMENT_METHOD),
        number(row, VIEW_DURATION),
        text(row, SEARCH_QUERY));
  }

  private static String text(InternalRow row, int column) {
    return row.isNullAt(column) ? null : row.getUTF8String(column).toString();
  }

  private static Double number(InternalRow row, int column) {
    return row.isNullAt(column) ? null : row.getDouble(column);
  }

  private static ShopEvent.Product product(InternalRow row) {
    if (row.isNullAt(PRODUCT_ID)) {
      return null;
    }
    return new ShopEvent.Product(
        text(row, PRODUCT_ID),
        text(row, NAME),
        text(row, DESCRIPTION),
        text(row, CATEGORY),
        row.getDouble(PRICE));
  }
}
