package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/** The streaming query of a pipeline, which Spark ends at a failure. */
final class PipelineQuery {

  private final Settings settings;
  private final Preflight preflight;
  private final TopicRecords topic;
  private final String paceName;
  private final BatchRunner batches;

  /**
   * @param paceName the name under which {@link PacedKafkaSource} knows the pace of the batches
   */
  PipelineQuery(
      Settings settings,
      Preflight preflight,
      TopicRecords topic,
      String paceName,
      BatchRunner batches) {
    this.settings = settings;
    this.preflight = preflight;
    this.topic = topic;
    this.paceName = paceName;
    this.batches = batches;
  }

  /** Starts the query; called again after a failure. */
  StreamingQuery start() throws TimeoutException, InterruptedException {
    batches.startOver();
    preflight.checkTopic();
    if (preflight.isFirstStart()) {
      batches.finishLost();
    }
    return topic.stream(paceName)
        .writeStream()
        .queryName(settings.spark().appName())
        .option("checkpointLocation", settings.stream().checkpoint())
        .trigger(
            Trigger.ProcessingTime(settings.stream().trigger().toMillis(), TimeUnit.MILLISECONDS))
        .foreachBatch(batches::run)
        .start();
  }
}
