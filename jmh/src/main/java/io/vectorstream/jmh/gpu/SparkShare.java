package io.vectorstream.jmh.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.EventParser;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.reports.result.GpuResult.SparkRow;
import io.vectorstream.stream.RapidsPlugin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Spark's share of a micro-batch: from records that were read to events at their tasks. It runs in
 * a JVM of its own, because the plugin has to be on its class path.
 */
final class SparkShare {
  private static final StructType RECORD =
      StructType.fromDDL(
          "key binary, value binary, partition int, offset bigint, timestamp timestamp");
  private static final int PRODUCTS = 2000;
  private static final int WARM_UPS = 3;
  private static final int RUNS = 7;

  private SparkShare() {}

  /** Takes the arguments on or off (RAPIDS), the number of records, and the file for the result. */
  public static void main(String[] args) throws Exception {
    boolean rapids = args[0].equals("on");
    int records = Integer.parseInt(args[1]);
    Settings settings =
        SettingsLoader.load(Optional.empty(), Map.of(), List.of("spark.rapids=" + args[0]));
    RapidsPlugin.prepare(settings.spark());
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC");
    RapidsPlugin.settings(settings.spark()).forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      List<Double> seconds = measure(spark, records, RapidsPlugin.target(settings));
      List<Double> sorted = new ArrayList<>(seconds);
      Collections.sort(sorted);
      double median = sorted.get(sorted.size() / 2);
      new ObjectMapper()
          .writeValue(
              Path.of(args[2]).toFile(),
              new SparkRow(rapids, records, seconds, records / median, null));
    }
  }

  private static List<Double> measure(
      SparkSession spark, int records, EventParser.Processor target) {
    int tasks = spark.sparkContext().defaultParallelism();
    // A checkpoint passes rows on as foreachBatch does. It is made before the measurement.
    Dataset<Row> prepared =
        EventParser.prepare(spark.createDataFrame(records(records), RECORD).repartition(tasks))
            .localCheckpoint();
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < WARM_UPS + RUNS; run++) {
      long start = System.nanoTime();
      EventParser.parse(prepared, target)
          .repartition(tasks, EventParser.routingKey())
          .write()
          .format("noop")
          .mode("overwrite")
          .save();
      if (run >= WARM_UPS) {
        seconds.add((System.nanoTime() - start) / 1e9);
      }
    }
    return seconds;
  }

  private static List<Row> records(int count) {
    EventStream events =
        new EventStream(Catalog.generate(PRODUCTS, 1), ShopperSettings.defaults(), 1);
    Instant due = Instant.parse("2026-01-01T00:00:00Z");
    List<Row> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      due = due.plusMillis(1);
      GeneratedRecord event = events.next(due);
      byte[] key = event.key() == null ? null : event.key().getBytes(StandardCharsets.UTF_8);
      rows.add(RowFactory.create(key, event.value(), 0, (long) i, Timestamp.from(due)));
    }
    return rows;
  }
}
