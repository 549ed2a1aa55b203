package io.vectorstream.mapping;

import io.vectorstream.config.KeptSecret;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.RecordFormat;
import io.vectorstream.event.RecordMapping;
import io.vectorstream.event.RecordReader;
import io.vectorstream.format.DecodedFormat;
import io.vectorstream.format.RegistryException;
import java.util.Optional;

/** The choice of the reader of the topic's records. */
public final class RecordReaders {

  private RecordReaders() {}

  /**
   * Returns the reader for this process; empty where records are events in plain JSON, which need
   * none.
   *
   * @throws SettingsException if the mapping cannot be read; it lists every problem
   */
  public static Optional<RecordReader> of(Settings.Kafka settings) {
    return of(settings, () -> settings.registry().password());
  }

  /**
   * Returns the reader for this process, one of events in plain JSON, too.
   *
   * @throws SettingsException if the mapping cannot be read; it lists every problem
   */
  public static RecordReader inAnyCase(Settings.Kafka settings) {
    return of(settings).orElseGet(() -> new RecordReader(new JsonFormat(), RecordMapping.NONE));
  }

  /**
   * Returns the reader for tasks, which carry it to executors.
   *
   * @param registryPassword takes the place of the one in the settings
   * @throws SettingsException if the mapping cannot be read; it lists every problem
   */
  public static Optional<RecordReader> of(Settings.Kafka settings, KeptSecret registryPassword) {
    if (settings.mapping().isEmpty() && settings.format() == Settings.Format.JSON) {
      return Optional.empty();
    }
    RecordMapping mapping =
        settings.mapping().isEmpty() ? RecordMapping.NONE : Mappings.read(settings.mapping());
    return Optional.of(new RecordReader(format(settings, registryPassword), mapping));
  }

  /** Returns the format of records for this process. */
  public static RecordFormat format(Settings.Kafka settings) {
    return format(settings, () -> settings.registry().password());
  }

  private static RecordFormat format(Settings.Kafka settings, KeptSecret registryPassword) {
    return settings.format() == Settings.Format.JSON
        ? new JsonFormat()
        : new DecodedFormat(settings.registry(), registryPassword);
  }

  /**
   * Checks that what reading needs answers.
   *
   * @throws RegistryException if the schema registry does not
   */
  public static void check(Settings.Kafka settings) {
    if (settings.registry().exists()) {
      new DecodedFormat(settings.registry(), () -> settings.registry().password()).check();
    }
  }
}
