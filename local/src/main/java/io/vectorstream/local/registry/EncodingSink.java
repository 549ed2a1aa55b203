package io.vectorstream.local.registry;

import io.vectorstream.generator.EventSink;
import io.vectorstream.generator.GeneratedRecord;

/** A sink that gives records on to another one in another format. */
public record EncodingSink(EventSink sink, EventEncoder encoder) implements EventSink {

  @Override
  public void send(GeneratedRecord record) {
    sink.send(encoder.encode(record));
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
