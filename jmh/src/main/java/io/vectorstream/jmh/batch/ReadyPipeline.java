package io.vectorstream.jmh.batch;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.stream.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * An idle pipeline with a broker and a store of its own. Records are sent in a transaction, so that
 * the pipeline sees none of them before its end, and then all of them.
 */
final class ReadyPipeline implements AutoCloseable {

  private static final long LONGEST_SECONDS = 120;

  /** The trigger: short, so that the measured time is that of the records' processing. */
  private static final String TRIGGER = "stream.trigger=20ms";

  private final DataFolder folder;
  private final EmbeddedServices services;
  private final Settings settings;
  private final KafkaProducer<String, byte[]> producer;
  private final Pipeline pipeline;
  private final Catalog catalog;

  /** A permit for each record of a committed batch. */
  private final Semaphore committed = new Semaphore(0);

  private int sent;

  private ReadyPipeline(int products, DataFolder folder, EmbeddedServices services) {
    this.catalog = Catalog.generate(products, 1);
    this.folder = folder;
    this.services = services;
    List<String> given = new ArrayList<>(services.settings());
    given.add(TRIGGER);
    given.add("stream.checkpoint=" + folder.checkpoint());
    this.settings = SettingsLoader.load(Optional.empty(), Map.of(), given);
    StoredCatalog.load(
        catalog, settings, folder.path().resolve("catalogue.csv"), new StopRequest(), loaded -> {});
    this.pipeline = Pipeline.start(settings, this::count);
    this.producer = producer(settings.kafka().bootstrapServers());
  }

  /** Starts all parts, with the products stored and embedded. */
  static ReadyPipeline start(int products) {
    try {
      DataFolder folder = DataFolder.open(Files.createTempDirectory("vectorstream-jmh-"));
      return new ReadyPipeline(
          products, folder, EmbeddedServices.start(folder, 0, 0, Optional.empty()));
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for the pipeline's data", e);
    }
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
    KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "benchmark",
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.LINGER_MS_CONFIG,
                10,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024),
            new StringSerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private void count(BatchReport report) {
    committed.release(Math.toIntExact(report.records()));
  }

  /** Returns events of the products that are stored. */
  EventStream events() {
    return new EventStream(catalog, ShopperSettings.defaults(), 1);
  }

  /** Sends records; the pipeline does not see them yet. */
  void send(List<GeneratedRecord> records) {
    producer.beginTransaction();
    for (GeneratedRecord record : records) {
      producer.send(new ProducerRecord<>(settings.kafka().topic(), record.key(), record.value()));
    }
    producer.flush();
    sent = records.size();
  }

  /**
   * Lets the pipeline see the records that were sent, and waits until all of them are committed.
   *
   * @return the number of records
   */
  long takeAll() throws InterruptedException {
    producer.commitTransaction();
    if (!committed.tryAcquire(sent, LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%d of %d records came through within %d s; the pipeline is %s"
              .formatted(
                  committed.availablePermits(), sent, LONGEST_SECONDS, pipeline.health().state()));
    }
    return sent;
  }

  @Override
  public void close() {
    try {
      producer.close();
      pipeline.close();
      services.close();
    } finally {
      folder.delete();
    }
  }
}
