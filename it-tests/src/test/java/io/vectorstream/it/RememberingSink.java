package io.vectorstream.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.generator.EventSink;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.RecordKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A sink that sends to Kafka, and keeps the records. */
public record RememberingSink(EventSink sink, List<GeneratedRecord> records) implements EventSink {

  public static RememberingSink to(Settings.Kafka kafka) {
    return new RememberingSink(
        new KafkaSink(
            kafka.bootstrapServers(),
            kafka.topic(),
            kafka.partitions(),
            Map.of(),
            kafka.connectTimeout()),
        Collections.synchronizedList(new ArrayList<>()));
  }

  @Override
  public void send(GeneratedRecord record) {
    records.add(record);
    sink.send(record);
  }

  /** Returns the valid events among the records sent until now, copies included. */
  public List<ObjectNode> valid() {
    return Arrays.stream(records.toArray(GeneratedRecord[]::new))
        .filter(record -> record.kind() != RecordKind.MALFORMED)
        .map(record -> Shop.parse(record.value()))
        .toList();
  }

  @Override
  public void flush() {
    sink.flush();
  }

  @Override
  public void close() {
    sink.close();
  }
}
