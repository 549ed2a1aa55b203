package io.vectorstream.event;

import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

/**
 * One row of {@link EventParser#parse}, which is an event or a record that needs the strict check,
 * or one of {@link ReadRows}.
 */
public final class EventRow {

  /** The columns before those of {@link EventField}. */
  private static final List<String> FIRST =
      List.of("partition", "offset", "received_at", "doubtful", "value", "event_time");

  static final int PARTITION = 0;
  static final int OFFSET = 1;
  static final int RECEIVED_AT = 2;
  static final int DOUBTFUL = 3;
  private static final int VALUE = 4;
  static final int EVENT_TIME = 5;
  private static final int FIELDS = 6;

  /** The number of columns, without those of {@link ReadRows}. */
  static final int COLUMNS = FIELDS + EventField.values().length;

  private EventRow() {}

  /**
   * Returns the columns, in the order in which {@link #read} reads them.
   *
   * @param event the column that contains the event's fields
   */
  static Column[] columns(String event) {
    return Stream.concat(
            FIRST.stream().map(functions::col),
            EventField.all()
                .map(field -> functions.col(event + "." + field.path()).as(field.column())))
        .toArray(Column[]::new);
  }

  /**
   * Parses records, unless a {@link RecordReader} has read them.
   *
   * @param scanned the result of {@link EventParser#prepare} or {@link ReadRows#of}
   */
  public static Dataset<Row> parsed(Dataset<Row> scanned, EventParser.Processor target) {
    return ReadRows.are(scanned) ? scanned : EventParser.parse(scanned, target);
  }

  /** Returns whether one of these records may have several rows. */
  public static boolean maySplit(Dataset<Row> scanned) {
    return ReadRows.are(scanned);
  }

  /** Returns the columns that put parsed rows into the order in which Kafka has them. */
  public static Column[] order(Dataset<Row> parsed) {
    return Stream.of("partition", "offset", ReadRows.NUMBER)
        .filter(Set.of(parsed.columns())::contains)
        .map(functions::col)
        .toArray(Column[]::new);
  }

  /** Returns rows in Spark's internal form, not copied: a row is valid until the next one. */
  public static JavaRDD<InternalRow> rdd(Dataset<Row> parsed) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) parsed)
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /** Returns whether the row contains the record's own bytes, for the strict check. */
  static boolean isDoubtful(InternalRow row) {
    return row.getBoolean(DOUBTFUL);
  }

  /** Returns whether the row is the first of its record, or its only one. */
  public static boolean isFirstOfRecord(InternalRow row) {
    return !ReadRows.isOne(row) || ReadRows.isFirst(row);
  }

  /**
   * Reads the record: an event, or a dead letter. Does not throw: a record that cannot be read is a
   * dead letter, too.
   *
   * @param plannedAtMicros when the record's batch was planned, in microseconds since 1970
   */
  public static ParsedRecord read(InternalRow row, long plannedAtMicros) {
    try {
      long takenAt = RecordTimes.takenAt(row.getLong(RECEIVED_AT), plannedAtMicros);
      if (isDoubtful(row)) {
        return judged(row, takenAt);
      }
      return ReadRows.isOne(row) && row.isNullAt(column(EventField.EVENT_ID))
          ? ReadRows.withoutEvent(row)
          : event(row, takenAt);
    } catch (RuntimeException e) {
      return DeadLetter.of(
          row.getInt(PARTITION), row.getLong(OFFSET), row.getLong(RECEIVED_AT), "reading it", e);
    }
  }

  private static ParsedRecord judged(InternalRow row, long takenAtMicros) {
    ParsedRecord record =
        StrictEventParser.parse(
            row.getBinary(VALUE),
            row.getInt(PARTITION),
            row.getLong(OFFSET),
            row.getLong(RECEIVED_AT));
    return record instanceof ShopEvent event ? event.takenAt(takenAtMicros) : record;
  }

  private static ShopEvent event(InternalRow row, long takenAtMicros) {
    return new ShopEvent(
        row.getInt(PARTITION),
        row.getLong(OFFSET),
        takenAtMicros,
        text(row, EventField.EVENT_ID),
        text(row, EventField.TIMESTAMP),
        row.getLong(EVENT_TIME),
        text(row, EventField.USER_ID),
        EventType.of(text(row, EventField.EVENT_TYPE)),
        text(row, EventField.SESSION_ID),
        product(row),
        wholeNumber(row, EventField.QUANTITY),
        number(row, EventField.TOTAL_AMOUNT),
        text(row, EventField.PAYMENT_METHOD),
        number(row, EventField.VIEW_DURATION),
        text(row, EventField.SEARCH_QUERY));
  }

  static int column(EventField field) {
    return FIELDS + field.ordinal();
  }

  private static String text(InternalRow row, EventField field) {
    int column = column(field);
    return row.isNullAt(column) ? null : row.getUTF8String(column).toString();
  }

  private static Long wholeNumber(InternalRow row, EventField field) {
    int column = column(field);
    return row.isNullAt(column) ? null : row.getLong(column);
  }

  private static Double number(InternalRow row, EventField field) {
    int column = column(field);
    return row.isNullAt(column) ? null : row.getDouble(column);
  }

  private static Product product(InternalRow row) {
    if (row.isNullAt(column(EventField.PRODUCT_ID))) {
      return null;
    }
    return new Product(
        text(row, EventField.PRODUCT_ID),
        text(row, EventField.PRODUCT_NAME),
        text(row, EventField.PRODUCT_DESCRIPTION),
        text(row, EventField.PRODUCT_CATEGORY),
        row.getDouble(column(EventField.PRODUCT_PRICE)));
  }
}
