package io.vectorstream.stream;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;

import io.vectorstream.event.EventParser;
import io.vectorstream.event.EventRow;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A run of made-up records through a batch's first steps, up to the store, before the query starts:
 * otherwise the seconds that Spark and the JVM take for class loading and code generation would be
 * latency of the first events.
 */
final class WarmUp {

  private static final int RECORDS = 5_000;
  private static final String EVENT =
      """
      {"event_id": "%1$s", "timestamp": "2024-01-15T10:30:00.000Z", "user_id": "%1$s", \
      "event_type": "view", "session_id": "%1$s", "product": {"id": "%1$s", "name": "warm-up", \
      "description": "none", "category": "none", "price": 1.5}, "view_duration": 2.5}\
      """;

  private WarmUp() {}

  static void run(SparkSession spark, int tasks, EventParser.Processor target) {
    Dataset<Row> records =
        spark
            .range(0, RECORDS, 1, tasks)
            .select(
                lit(null).cast("binary").as("key"),
                format_string(EVENT, col("id")).cast("binary").as("value"),
                lit(0).as("partition"),
                col("id").as("offset"),
                current_timestamp().as("timestamp"));
    EventRow.rdd(MicroBatch.routed(EventParser.prepare(records), tasks, target))
        .map(row -> EventRow.read(row, 0))
        .count();
  }
}
