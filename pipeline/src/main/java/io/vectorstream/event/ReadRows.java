package io.vectorstream.event;

import com.google.common.collect.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of records that a {@link RecordReader} has read: one or several a record. They have the
 * columns of {@link EventRow}, and three behind them. A row without an event id is a dead letter,
 * or with no reason a {@link SkippedRecord}.
 */
public final class ReadRows {

  /** The name of the column with a row's number among those of its record, from 0. */
  static final String NUMBER = "number_in_record";

  private static final String READ_BEFORE = "vectorstream.records.read";

  private static final int NUMBER_COLUMN = EventRow.COLUMNS;
  private static final int REASON_COLUMN = EventRow.COLUMNS + 1;
  private static final int DETAIL_COLUMN = EventRow.COLUMNS + 2;

  private static final StructType COLUMNS = columns();

  private ReadRows() {}

  private static StructType columns() {
    StructType columns =
        new StructType()
            .add("partition", DataTypes.IntegerType)
            .add("offset", DataTypes.LongType)
            .add("received_at", DataTypes.LongType)
            .add("doubtful", DataTypes.BooleanType)
            .add("value", DataTypes.BinaryType)
            .add("event_time", DataTypes.LongType);
    for (EventField field : EventField.values()) {
      columns = columns.add(field.column(), EventParser.type(field));
    }
    return columns
        .add(NUMBER, DataTypes.IntegerType)
        .add("reason", DataTypes.StringType)
        .add("detail", DataTypes.StringType);
  }

  /**
   * Reads records, as a part of the scan. The result stands in for that of {@link
   * EventParser#prepare}.
   *
   * @param records rows as Spark's Kafka source gives them, with headers
   */
  public static Dataset<Row> of(Dataset<Row> records, RecordReader reader) {
    return records
        .select(
            functions.col("topic"),
            functions.col("partition"),
            functions.col("offset"),
            functions.unix_micros(functions.col("timestamp")),
            functions.col("key"),
            functions.col("value"),
            functions.col("headers"))
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> {
                  if (isReadAgain(TaskContext.get())) {
                    reader.requireSameAgain();
                  }
                  return Streams.stream(rows)
                      .flatMap(row -> rows(reader.read(incoming(row))))
                      .iterator();
                },
            Encoders.row(COLUMNS));
  }

  /**
   * Tells the jobs that this thread starts from now on, and the threads that it starts, whether the
   * records of the batch were read by an earlier job. A later one reads some again if what tasks
   * have made of them is lost.
   */
  public static void readBefore(SparkContext spark, boolean read) {
    spark.setLocalProperty(READ_BEFORE, read ? "true" : null);
  }

  private static boolean isReadAgain(TaskContext task) {
    return task.stageAttemptNumber() > 0 || task.getLocalProperty(READ_BEFORE) != null;
  }

  private static IncomingRecord incoming(Row row) {
    List<Header> headers = new ArrayList<>();
    if (!row.isNullAt(6)) {
      for (Row header : row.<Row>getList(6)) {
        headers.add(new RecordHeader(header.getString(0), header.<byte[]>getAs(1)));
      }
    }
    return new IncomingRecord(
        row.getString(0),
        row.getInt(1),
        row.getLong(2),
        row.getLong(3),
        row.getAs(4),
        row.getAs(5),
        headers);
  }

  private static Stream<Row> rows(List<ParsedRecord> ofOneRecord) {
    return IntStream.range(0, ofOneRecord.size()).mapToObj(i -> row(ofOneRecord.get(i), i));
  }

  private static Row row(ParsedRecord record, int number) {
    Object[] columns = new Object[COLUMNS.size()];
    columns[EventRow.DOUBTFUL] = false;
    columns[NUMBER_COLUMN] = number;
    if (record instanceof ShopEvent event) {
      place(columns, event.partition(), event.offset(), event.receivedAtMicros());
      columns[EventRow.EVENT_TIME] = event.eventTimeMicros();
      for (EventField field : EventField.values()) {
        columns[EventRow.column(field)] = field.in(event);
      }
    } else if (record instanceof DeadLetter letter) {
      place(columns, letter.partition(), letter.offset(), letter.receivedAtMicros());
      columns[REASON_COLUMN] = letter.reason();
      columns[DETAIL_COLUMN] = letter.detail();
    } else if (record instanceof SkippedRecord skipped) {
      place(columns, skipped.partition(), skipped.offset(), 0);
    }
    return RowFactory.create(columns);
  }

  private static void place(Object[] columns, int partition, long offset, long receivedAtMicros) {
    columns[EventRow.PARTITION] = partition;
    columns[EventRow.OFFSET] = offset;
    columns[EventRow.RECEIVED_AT] = receivedAtMicros;
  }

  /** Returns whether rows are those of this class. */
  static boolean are(Dataset<Row> rows) {
    return List.of(rows.columns()).contains(NUMBER);
  }

  /** Returns whether a row is one of this class. */
  static boolean isOne(InternalRow row) {
    return row.numFields() > EventRow.COLUMNS;
  }

  static boolean isFirst(InternalRow row) {
    return row.getInt(NUMBER_COLUMN) == 0;
  }

  /** Reads a row that is no event. */
  static ParsedRecord withoutEvent(InternalRow row) {
    int partition = row.getInt(EventRow.PARTITION);
    long offset = row.getLong(EventRow.OFFSET);
    return row.isNullAt(REASON_COLUMN)
        ? new SkippedRecord(partition, offset)
        : new DeadLetter(
            partition,
            offset,
            row.getLong(EventRow.RECEIVED_AT),
            row.getUTF8String(REASON_COLUMN).toString(),
            row.getUTF8String(DETAIL_COLUMN).toString());
  }
}
