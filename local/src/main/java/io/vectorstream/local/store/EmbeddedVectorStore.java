package io.vectorstream.local.store;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vector store in this process that speaks Qdrant's gRPC protocol, for one machine without a
 * Qdrant server. It listens on the loopback only, and answers what the pipeline calls and what a
 * person needs to look around: collections, counts, pages of points by id or by a field, points by
 * id, the nearest ones, each with filters. It answers as Qdrant does, and refuses every other call
 * and option by its name, with {@code UNIMPLEMENTED}.
 *
 * <p>Points are kept in RocksDB. Searches compare every vector of the collection, so they are
 * exact; the vectors are read into memory by a collection's first search and stay there. Payload
 * indexes on keywords are real; integer, float, datetime and bool indexes are accepted and listed,
 * and answered by looking at every point.
 */
public final class EmbeddedVectorStore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedVectorStore.class);
  private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;

  /** More than there are cores: searches wait for each other, and writers should not. */
  private static final int THREADS = Math.max(16, 2 * Runtime.getRuntime().availableProcessors());

  private static final long GRACE_SECONDS = 10;

  /**
   * @param folder for everything that is kept; made when missing
   * @param port on the loopback; 0 takes any free one
   * @param apiKey the {@code api-key} that calls must carry; empty lets everyone in
   * @param tls empty for plaintext
   * @param strictMode the strict mode of collections that are made without one
   */
  public record Options(
      Path folder,
      int port,
      Optional<String> apiKey,
      Optional<Tls> tls,
      StrictModeConfig strictMode) {

    public Options(Path folder, int port, Optional<String> apiKey, Optional<Tls> tls) {
      this(folder, port, apiKey, tls, StrictModeConfig.getDefaultInstance());
    }

    public Options(Path folder, int port, Optional<String> apiKey) {
      this(folder, port, apiKey, Optional.empty());
    }

    /**
     * Returns the same options with Qdrant Cloud's strict mode for collections that are made
     * without one.
     */
    public Options strict() {
      return new Options(folder, port, apiKey, tls, CLOUD);
    }

    private static final StrictModeConfig CLOUD =
        StrictModeConfig.newBuilder()
            .setEnabled(true)
            .setUnindexedFilteringRetrieve(false)
            .setUnindexedFilteringUpdate(false)
            .setMaxPayloadIndexCount(100)
            .build();

    public Options(Path folder, int port) {
      this(folder, port, Optional.empty());
    }
  }

  /**
   * The certificate of a server over TLS, and its key.
   *
   * @param certificates a PEM file: its certificate, and those between that and the authority's
   * @param key a PEM file: its private key, PKCS #8, not encrypted
   */
  public record Tls(Path certificates, Path key) {}

  private final Database database;
  private final Server server;
  private final ExecutorService workers;

  private EmbeddedVectorStore(Database database, Server server, ExecutorService workers) {
    this.database = database;
    this.server = server;
    this.workers = workers;
  }

  /**
   * Opens the folder and starts to answer.
   *
   * @throws IllegalStateException in one line, when the port is taken, another process has the
   *     folder, the folder cannot be read, or the certificate or its key cannot be used
   */
  public static EmbeddedVectorStore start(Options options) {
    Database database = new Database(options.folder());
    AtomicInteger number = new AtomicInteger();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "vector-store-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      CollectionRegistry registry = new CollectionRegistry(database, options.strictMode());
      MissingCalls missing = new MissingCalls();
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()))
              .executor(workers)
              .maxInboundMessageSize(LARGEST_MESSAGE)
              .addService(new PointsService(registry).definition())
              .addService(new CollectionsService(registry))
              .addService(new QdrantService())
              .fallbackHandlerRegistry(missing)
              .intercept(missing);
      options.apiKey().ifPresent(key -> builder.intercept(new ApiKeyCheck(key)));
      options.tls().ifPresent(tls -> secure(builder, tls));
      return new EmbeddedVectorStore(database, builder.build().start(), workers);
    } catch (IOException e) {
      workers.shutdown();
      database.close();
      throw new IllegalStateException(unavailable(options.port(), e), e);
    } catch (RuntimeException e) {
      workers.shutdown();
      database.close();
      throw e;
    }
  }

  private static void secure(NettyServerBuilder builder, Tls tls) {
    try {
      builder.useTransportSecurity(tls.certificates().toFile(), tls.key().toFile());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the vector store cannot use the certificates in %s with the key in %s; expected PEM files"
              .formatted(tls.certificates(), tls.key()),
          e);
    }
  }

  private static String unavailable(int port, IOException cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root instanceof BindException || String.valueOf(root.getMessage()).contains("in use")
        ? "port "
            + port
            + " on localhost is taken; stop what listens there or choose another port for the"
            + " vector store"
        : "the vector store cannot listen on port " + port + " of localhost: " + root.getMessage();
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return server.getPort();
  }

  /** Finishes the calls in hand and closes the folder. What was acknowledged is on disk. */
  @Override
  public void close() {
    boolean stopped = false;
    try {
      server.shutdown();
      if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      workers.shutdown();
      stopped = workers.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    if (stopped) {
      database.close();
    } else {
      // Closing it under a call that still reads would take the whole process down.
      LOG.warn("The vector store stays open: a call did not end in time");
    }
  }
}
