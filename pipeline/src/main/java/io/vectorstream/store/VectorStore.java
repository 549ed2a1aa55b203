package io.vectorstream.store;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.qdrant.client.grpc.PointsGrpc.PointsFutureStub;
import io.vectorstream.config.Layout;
import io.vectorstream.config.Replication;
import io.vectorstream.config.Settings;
import io.vectorstream.process.JvmRegistry;
import io.vectorstream.shop.Product;
import io.vectorstream.words.ProductWords;
import io.vectorstream.words.WordVector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A connection to Qdrant: one channel, its collections' names, and calls that are tried again. */
public final class VectorStore implements AutoCloseable {

  private final Settings.Qdrant settings;
  private final QdrantClient client;
  private final PatientCalls calls;
  private final ConsistentCalls consistency;
  private final AgreedReads reads;

  /** Null if products are found by their meaning alone. */
  private final ProductWords words;

  private volatile Settings.Collections collections;

  private VectorStore(Settings.Qdrant settings, Duration patience, boolean readsToWriteBack) {
    this.settings = settings;
    this.collections = settings.collections();
    this.consistency = new ConsistentCalls(settings.replication(), readsToWriteBack);
    this.reads = new AgreedReads(this);
    this.words = settings.words().enabled() ? new ProductWords(settings.words()) : null;
    this.calls = new PatientCalls(patience);
    String apiKey = settings.resolvedApiKey().value();
    QdrantGrpcClient.Builder builder =
        QdrantGrpcClient.newBuilder(
                Nodes.channel(settings, consistency, new TracedCalls(settings)), true, false)
            .withTimeout(settings.timeout());
    this.client =
        new QdrantClient((apiKey.isEmpty() ? builder : builder.withApiKey(apiKey)).build());
  }

  /**
   * Opens a separate connection for a caller that a user waits for: calls are tried again no longer
   * than the time to connect, and reads ask one copy. Nothing is sent before the first call.
   */
  public static VectorStore connect(Settings.Qdrant settings) {
    return new VectorStore(settings, settings.connectTimeout(), false);
  }

  /**
   * Opens a separate connection, for long work: calls are tried again as long as the settings say
   * for batches, and reads ask as many copies.
   */
  public static VectorStore connectForWork(Settings.Qdrant settings) {
    return new VectorStore(settings, settings.retryFor(), true);
  }

  /**
   * Returns the one connection of this JVM to that server, for the work of batches: calls are tried
   * again as long as the settings say. It stays open until {@link #closeShared}.
   */
  static VectorStore shared(Settings.Qdrant settings) {
    return JvmRegistry.get(
        VectorStore.class, settings, () -> new VectorStore(settings, settings.retryFor(), true));
  }

  /** Returns the connection that the batches of this JVM share, for the work beside them. */
  public static VectorStore ofBatches(Settings.Qdrant settings) {
    return shared(settings);
  }

  /**
   * Returns the outage that the batches of this JVM wait for: the server fails call after call.
   * Empty while it answers.
   */
  public static Optional<Outage> outage(Settings.Qdrant settings) {
    return JvmRegistry.find(VectorStore.class, settings).flatMap(VectorStore::outage);
  }

  private Optional<Outage> outage() {
    return calls
        .outage()
        .map(
            outage ->
                new Outage(
                    outage.since(),
                    "Qdrant at %s fails call after call (%s)"
                        .formatted(address(), outage.reason())));
  }

  /** Returns statistics of this JVM's calls for the work of batches. */
  public static StoreCalls sharedCalls() {
    StoreCalls all = StoreCalls.NONE;
    for (VectorStore store : JvmRegistry.all(VectorStore.class)) {
      Optional<Outage> outage = store.outage();
      all =
          all.plus(
              new StoreCalls(
                  store.calls.made(),
                  store.calls.failed(),
                  outage.map(Outage::since).orElse(null),
                  outage.map(Outage::reason).orElse(null)));
    }
    return all;
  }

  /** Returns whether calls of this JVM had to be tried again since this time. */
  public static boolean hasFailedSince(Settings.Qdrant settings, Instant time) {
    return JvmRegistry.find(VectorStore.class, settings)
        .filter(store -> store.calls.lastFailure().isAfter(time))
        .isPresent();
  }

  /**
   * The outage of a server that fails call after call.
   *
   * @param since when the first of the failed calls failed
   * @param reason the status of that call, or a sentence for users
   */
  public record Outage(Instant since, String reason) {}

  /** Closes the connection that {@link #shared} has opened, if there is one. */
  public static void closeShared(Settings.Qdrant settings) {
    JvmRegistry.remove(VectorStore.class, settings).ifPresent(VectorStore::close);
  }

  /**
   * Checks that the server answers.
   *
   * @throws StoreException if it does not within the settings' time
   */
  public void check() {
    try {
      client.healthCheckAsync(settings.connectTimeout()).get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Returns the version of the client's library. */
  public static String clientVersion() {
    return QdrantClient.class.getPackage().getImplementationVersion();
  }

  /** Returns the server's version, such as 1.18.0. */
  String version() {
    return ask(client -> client.healthCheckAsync(settings.timeout())).getVersion();
  }

  /**
   * Makes a call and waits for its answer; the call is tried again as long as it fails temporarily.
   *
   * @throws StoreException with the server's own reason
   */
  public <T> T ask(Function<QdrantClient, ListenableFuture<T>> call) {
    return await(submit(call));
  }

  /** Begins a call; {@link #await} gives its answer. */
  <T> CompletableFuture<T> submit(Function<QdrantClient, ListenableFuture<T>> call) {
    return calls.submit(() -> call.apply(client));
  }

  /** Writes points and waits until they are acknowledged. */
  void upsert(UpsertPoints.Builder points) {
    points.setWait(true).setOrdering(WriteOrdering.newBuilder().setType(writeOrdering()));
    await(submit(EncodedUpsert.METHOD, EncodedUpsert.of(points.build())));
  }

  /** Begins to read points by their ids; those that are not stored are not in the answer. */
  CompletableFuture<List<RetrievedPoint>> retrieve(
      String collection,
      List<PointId> ids,
      WithPayloadSelector payload,
      WithVectorsSelector vectors) {
    return consistency.asksSeveralCopies()
        ? reads.retrieve(collection, ids, payload, vectors)
        : submit(client -> client.retrieveAsync(collection, ids, payload, vectors, null));
  }

  /** Returns the ordering of writes. */
  WriteOrderingType writeOrdering() {
    return ConsistentCalls.type(settings.replication().writeOrdering());
  }

  /** Returns the number of copies that calls ask for. */
  Replication replication() {
    return settings.replication();
  }

  /** Returns the way in which new collections are kept. */
  Layout layout() {
    return settings.layout();
  }

  /** Returns the way in which products become words; null if their points have none. */
  ProductWords words() {
    return words;
  }

  /** Returns whether products are found by their words, too. */
  public boolean isHybrid() {
    return words != null;
  }

  /** Returns the words of a product for its point; null if points have none. */
  WordVector words(Product product) {
    return words == null ? null : words.of(product);
  }

  /** Returns the number of shards of a new collection; 0 leaves it to the server. */
  int shards(String collection) {
    int ofAll = settings.replication().shardNumber();
    return collection.equals(settings.collections().events())
        ? settings.layout().eventShards(ofAll, settings.nodes().size())
        : ofAll;
  }

  /** Returns the number of points in one upsert call. */
  int upsertBatch() {
    return settings.upsertBatch();
  }

  /** Begins a call of the points service that the client has no method for. */
  <Q, A> CompletableFuture<A> submit(MethodDescriptor<Q, A> method, Q request) {
    return calls.submit(
        () -> {
          PointsFutureStub points =
              client
                  .grpcClient()
                  .points()
                  .withDeadlineAfter(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
          return ClientCalls.futureUnaryCall(
              points.getChannel().newCall(method, points.getCallOptions()), request);
        });
  }

  public Settings.Collections collections() {
    return collections;
  }

  /** Has callers who ask for the collections' names get others from now on. */
  public void use(Settings.Collections others) {
    collections = others;
  }

  /** Returns the names of all collections; unlike {@link #check}, it needs the API key. */
  public List<String> collectionNames() {
    return ask(client -> client.listCollectionsAsync(settings.connectTimeout()));
  }

  /** Returns whether the server has a collection of this name. */
  public boolean exists(String collection) {
    return ask(client -> client.collectionExistsAsync(collection));
  }

  /** Deletes a collection with all of its points; does nothing where there is none. */
  public void delete(String collection) {
    if (!exists(collection)) {
      return;
    }
    try {
      ask(client -> client.deleteCollectionAsync(collection));
    } catch (StoreException e) {
      // A try whose answer was lost may have deleted it.
      if (exists(collection)) {
        throw e;
      }
    }
  }

  /** Returns the number of points in the events collection, counted by the server. */
  public long countEvents() {
    return count(collections().events());
  }

  /** Returns the number of points in the products collection, counted by the server. */
  public long countProducts() {
    return count(collections().products());
  }

  /** Returns the number of stored users, counted by the server, without forgotten ones. */
  public long countUsers() {
    return ask(client -> client.countAsync(collections().users(), UserPoints.WITH_USER, true));
  }

  private long count(String collection) {
    return ask(c -> c.countAsync(collection));
  }

  /**
   * Waits for the answer of a call that was begun.
   *
   * @throws StoreException with the server's own reason, after the call was tried for as long as
   *     this connection's patience lasts
   */
  <T> T await(CompletableFuture<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      call.cancel(true);
      throw interrupted(e);
    }
  }

  private StoreException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StoreException("interrupted while waiting for Qdrant at " + address(), true, e);
  }

  private StoreException failure(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof CallNotPermittedException) {
      return new StoreException("Qdrant at " + address() + " fails call after call", true, cause);
    }
    if (!(cause instanceof StatusRuntimeException status)) {
      return new StoreException(
          "a call to Qdrant at " + address() + " failed: " + cause, false, cause);
    }
    return new StoreException(
        "Qdrant at %s %s".formatted(address(), reason(status)),
        PatientCalls.isPassing(status) || PatientCalls.isMissingPoint(status),
        status);
  }

  private String reason(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    if (PatientCalls.isFullDisk(status)) {
      return "has no space left on its disk: "
          + description(status)
          + "; make room there and start again, nothing is lost";
    }
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          ConnectionFailures.isAnswer(status)
              ? "failed: " + description(status)
              : ConnectionFailures.unanswered(settings, failure);
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          ConnectionFailures.refused(settings, description(status));
      default ->
          (PatientCalls.isPassing(failure) || PatientCalls.isMissingPoint(failure)
                  ? "failed: "
                  : "refused: ")
              + description(status);
    };
  }

  private static String description(Status status) {
    return status.getDescription() == null ? status.getCode().name() : status.getDescription();
  }

  /** Returns {@code host:port} of each node. */
  public String address() {
    return settings.address();
  }

  @Override
  public void close() {
    calls.close();
    client.close();
  }
}
