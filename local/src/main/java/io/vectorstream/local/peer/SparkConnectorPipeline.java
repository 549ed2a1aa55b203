package io.vectorstream.local.peer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.process.ProgramStart;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The events of a topic, written by Qdrant's connector for Spark as its documentation shows it,
 * with the event's id as the point's id and the rest as its payload. It is a system to compare
 * with, and needs the connector's jar on its class path. Records that are no events are left out.
 */
@Command(name = "spark-connector", description = "Stores events by Qdrant's Spark connector.")
public final class SparkConnectorPipeline implements Callable<Integer> {
  private static final String CONNECTOR = "io.qdrant.spark.Qdrant";

  private static final String EVENT =
      "event_id STRING, timestamp STRING, user_id STRING, event_type STRING, session_id STRING,"
          + " product STRUCT<id: STRING, name: STRING, description: STRING, category: STRING,"
          + " price: DOUBLE>, quantity BIGINT, total_amount DOUBLE, payment_method STRING,"
          + " view_duration DOUBLE, search_query STRING";

  @Mixin private SettingsOptions options;

  public static void main(String[] arguments) {
    ProgramStart.prepare();
    System.exit(new CommandLine(new SparkConnectorPipeline()).execute(arguments));
  }

  @Override
  public Integer call() throws TimeoutException, StreamingQueryException {
    Settings settings = options.load();
    SparkSession spark =
        SparkSession.builder()
            .appName("spark-connector")
            .master(settings.spark().master())
            .config("spark.ui.enabled", false)
            .getOrCreate();
    Dataset<Row> events =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", settings.kafka().bootstrapServers())
            .option("subscribe", settings.kafka().topic())
            .option("startingOffsets", "earliest")
            .load()
            .select(from_json(col("value").cast("string"), StructType.fromDDL(EVENT)).as("event"))
            .select("event.*")
            .where("event_id IS NOT NULL AND timestamp IS NOT NULL AND user_id IS NOT NULL");
    System.out.println("Ready");
    Map<String, String> target =
        Map.of(
            "qdrant_url",
            "http://" + settings.qdrant().nodes().get(0),
            "api_key",
            settings.qdrant().resolvedApiKey().value(),
            "collection_name",
            settings.qdrant().collections().events(),
            "id_field",
            "event_id",
            "schema",
            events.schema().json());
    // Version 2.5.0 writes batches alone: Spark refuses it as the sink of a stream.
    VoidFunction2<Dataset<Row>, Long> write =
        (batch, id) -> batch.write().format(CONNECTOR).options(target).mode(SaveMode.Append).save();
    events
        .writeStream()
        .foreachBatch(write)
        .option("checkpointLocation", settings.stream().checkpoint())
        .trigger(Trigger.ProcessingTime(settings.stream().trigger().toMillis()))
        .start()
        .awaitTermination();
    return 0;
  }
}
