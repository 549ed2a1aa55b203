package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.EventSink;
import io.vectorstream.local.registry.EmbeddedRegistry;
import io.vectorstream.local.registry.EncodingSink;
import io.vectorstream.local.registry.EventEncoder;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.registry.RegisteredSchemas;
import java.util.Optional;

/** The format in which a load is sent, and the schema registry that its records need. */
final class LoadFormat implements AutoCloseable {

  /** Null for plain JSON, which needs nothing. */
  private final EmbeddedRegistry registry;

  private final EventEncoder encoder;

  private LoadFormat(EmbeddedRegistry registry, EventEncoder encoder) {
    this.registry = registry;
    this.encoder = encoder;
  }

  static LoadFormat of(EventFormat format) {
    RegisteredSchemas schemas = new RegisteredSchemas();
    EventEncoder encoder = EventEncoder.of(format, schemas);
    return new LoadFormat(
        format == EventFormat.JSON ? null : EmbeddedRegistry.start(0, schemas, Optional.empty()),
        encoder);
  }

  /** Returns the settings of a pipeline that reads the format. */
  Settings settings(Settings given) {
    return registry == null ? given : given.decoding(registry.url());
  }

  /** Returns a sink that gives records on to the given one in the format. */
  EventSink encoding(EventSink sink) {
    return registry == null ? sink : new EncodingSink(sink, encoder);
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
