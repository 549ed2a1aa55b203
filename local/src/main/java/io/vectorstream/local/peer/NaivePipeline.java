package io.vectorstream.local.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EventText;
import io.vectorstream.embedding.PlainModel;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.StrictEventParser;
import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.points.WrittenPoint;
import io.vectorstream.process.ProgramStart;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The same task in the way that is written first: a consumer that commits its offsets by itself,
 * embeds the text of every event, and stores each as a point with a random id. It is a system to
 * compare with, and no part of the pipeline. What is read and not stored when it is killed may be
 * lost, what is stored and not committed comes twice, and a batch that fails is dropped.
 */
@Command(name = "naive", description = "Stores events in the way that is written first.")
public final class NaivePipeline implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(NaivePipeline.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(500);

  @Mixin private SettingsOptions options;

  public static void main(String[] arguments) {
    ProgramStart.prepare();
    System.exit(new CommandLine(new NaivePipeline()).execute(arguments));
  }

  @Override
  public Integer call() {
    Settings settings = options.load();
    Map<String, Object> config = new HashMap<>(settings.kafka().properties());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().bootstrapServers());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.kafka().topic() + "-naive");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try (PlainModel model = PlainModel.open(settings.embedding());
        VectorStore store = VectorStore.connect(settings.qdrant());
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      ForeignCollection events =
          new ForeignCollection(store, settings.qdrant().collections().events());
      consumer.subscribe(List.of(settings.kafka().topic()));
      System.out.println("Ready");
      while (true) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(records::add);
        for (List<ConsumerRecord<byte[], byte[]>> batch :
            Lists.partition(records, settings.embedding().batchSize())) {
          store(batch, model, events);
        }
      }
    }
  }

  private static void store(
      List<ConsumerRecord<byte[], byte[]>> batch, PlainModel model, ForeignCollection events) {
    try {
      List<JsonNode> payloads = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : batch) {
        if (StrictEventParser.parse(
                record.value(), record.partition(), record.offset(), 1000 * record.timestamp())
            instanceof ShopEvent event) {
          payloads.add(JSON.readTree(record.value()));
          texts.add(EventText.of(event));
        }
      }
      List<float[]> vectors = model.embed(model.tokenize(texts));
      List<WrittenPoint> points = new ArrayList<>();
      for (int i = 0; i < payloads.size(); i++) {
        points.add(new WrittenPoint(UUID.randomUUID(), payloads.get(i), vectors.get(i)));
      }
      events.write(points);
    } catch (IOException | RuntimeException e) {
      LOG.warn("A batch of {} is dropped", batch.size(), e);
    }
  }
}
