package io.vectorstream.event;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** The results of both steps of the parser, kept in memory. */
final class ParsedRows {
  private ParsedRows() {}

  /**
   * @param records as Spark's Kafka source gives them
   */
  static List<InternalRow> of(Dataset<Row> records, EventParser.Processor target) {
    return EventRow.rdd(EventParser.parse(EventParser.prepare(records), target))
        .map(InternalRow::copy)
        .collect();
  }
}
