package io.vectorstream.jmh.store;

import com.google.common.net.HostAndPort;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.local.run.ScratchSpace;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline's collections, in an embedded store that is called over gRPC like Qdrant, or on the
 * Qdrant that the system property {@value #ADDRESS} names, under names of their own.
 */
public final class BenchmarkStore implements AutoCloseable {

  /** The system property with a Qdrant's host and gRPC port. */
  private static final String ADDRESS = "vectorstream.qdrant";

  /** Null where the collections are on a given Qdrant. */
  private final TemporaryVectorStore server;

  private final Settings settings;
  private final VectorStore connection;

  /**
   * @param dimension floats in an embedding
   * @param model the model that makes them
   */
  public BenchmarkStore(int dimension, ModelIdentity model) {
    String given = System.getProperty(ADDRESS, "");
    server = given.isEmpty() ? TemporaryVectorStore.start("jmh") : null;
    settings =
        SettingsLoader.load(
            Optional.empty(), Map.of(), server == null ? on(given) : server.settings());
    connection = VectorStore.connectForWork(settings.qdrant());
    new CollectionSchemas(connection, dimension, model).ensure(false, true);
  }

  private static List<String> on(String address) {
    HostAndPort given = HostAndPort.fromString(address);
    List<String> on =
        new ArrayList<>(ScratchSpace.settings(SettingsLoader.defaults(), Instant.now(), null));
    on.add("qdrant.host=" + given.getHost());
    on.add("qdrant.port=" + given.getPort());
    return on;
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
      if (server == null) {
        settings.qdrant().collections().names().forEach(connection::delete);
      }
      VectorStore.closeShared(settings.qdrant());
    }
  }
}
