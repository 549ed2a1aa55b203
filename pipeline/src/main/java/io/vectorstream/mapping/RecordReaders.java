package io.vectorstream.mapping;

import io.vectorstream.config.Settings;
import io.vectorstream.event.RecordReader;
import java.util.Optional;

/** The choice of the reader of the topic's records. */
public final class RecordReaders {

  private RecordReaders() {}

  /** Returns the reader; empty where records are events in plain JSON, which need none. */
  public static Optional<RecordReader> of(Settings.Kafka settings) {
    return Optional.empty();
  }
}
