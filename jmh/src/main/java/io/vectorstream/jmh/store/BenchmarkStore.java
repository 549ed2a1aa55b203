package io.vectorstream.jmh.store;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.util.Map;
import java.util.Optional;

/** An embedded store with the pipeline's collections, called over gRPC like Qdrant. */
public final class BenchmarkStore implements AutoCloseable {

  private final TemporaryVectorStore server = TemporaryVectorStore.start("jmh");
  private final Settings settings =
      SettingsLoader.load(Optional.empty(), Map.of(), server.settings());
  private final VectorStore connection = VectorStore.connectForWork(settings.qdrant());

  /**
   * @param dimension floats in an embedding
   * @param model the name of the model that makes them
   */
  public BenchmarkStore(int dimension, String model) {
    new CollectionSchemas(connection, dimension, model).ensure(false, true);
  }

  /** Returns the defaults, with the address of the store. */
  public Settings settings() {
    return settings;
  }

  VectorStore connection() {
    return connection;
  }

  @Override
  public void close() {
    try (server;
        connection) {
      VectorStore.closeShared(settings.qdrant());
    }
  }
}
