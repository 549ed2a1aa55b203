package io.vectorstream.mapping;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.RecordReader;
import java.util.Optional;

/** The choice of the reader of the topic's records. */
public final class RecordReaders {

  private RecordReaders() {}

  /**
   * Returns the reader; empty where records are events in plain JSON, which need none.
   *
   * @throws SettingsException if the mapping cannot be read; it lists every problem
   */
  public static Optional<RecordReader> of(Settings.Kafka settings) {
    return settings.mapping().isEmpty()
        ? Optional.empty()
        : Optional.of(new RecordReader(new JsonFormat(), Mappings.read(settings.mapping())));
  }
}
