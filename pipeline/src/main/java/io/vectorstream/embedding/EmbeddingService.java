package io.vectorstream.embedding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.collect.Iterables;
import io.vectorstream.config.Settings;
import io.vectorstream.process.JvmRegistry;
import io.vectorstream.process.NativeWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The service that embeds texts: one {@code float[384]} each, L2-normalised, so that a dot product
 * of two is their cosine. The vectors stay in a bounded cache and are returned without a copy:
 * callers must not change them.
 *
 * <p>A text is computed once, even when several threads ask for it at the same time. The model runs
 * one batch at a time, on all of its threads; a user's search does not wait for them.
 */
public final class EmbeddingService implements AutoCloseable {
  /** The texts that are tokenized and sorted together, which limits the memory of a call. */
  private static final int WINDOW = 1024;

  private final Settings.Embedding settings;
  private final TextTokenizer tokenizer;
  private final EmbeddingModel model;
  private final int dimension;
  private final String description;

  private final Cache<TextKey, float[]> vectors;

  /** The texts that are being computed. A thread that asks for one of them waits for it. */
  private final Map<TextKey, CompletableFuture<float[]>> inFlight = new ConcurrentHashMap<>();

  /** A lock held for one batch at a time. It is fair: a search waits for one batch only. */
  private final ReentrantLock modelInUse = new ReentrantLock(true);

  /** A lock held while a search's text is computed, so that the model is not freed. */
  private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();

  /**
   * The number of searches' texts that are computed at a time. More than the number of cores would
   * only make each of them take longer.
   */
  private final Semaphore besideBatches =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  private final NativeWork nativeWork = NativeWork.ofProcess();

  private boolean closed;

  private final LongAdder requests = new LongAdder();
  private final LongAdder cacheHits = new LongAdder();
  private final LongAdder computed = new LongAdder();
  private final LongAdder computeNanos = new LongAdder();
  private final LongAdder failedTexts = new LongAdder();

  /** Takes over the tokenizer and the model, and closes them with itself. */
  EmbeddingService(Settings.Embedding settings, TextTokenizer tokenizer, EmbeddingModel model) {
    this(settings, new PlainModel(tokenizer, model, ""));
  }

  /**
   * Makes a service with an empty cache around a model that is loaded already, takes over the
   * model, and closes it with itself; a caller that makes several around one model closes the model
   * instead.
   */
  public EmbeddingService(Settings.Embedding settings, PlainModel plain) {
    this.settings = settings;
    this.tokenizer = plain.tokenizer();
    this.model = plain.model();
    this.dimension = plain.dimension();
    this.description = plain.description();
    this.vectors = Caffeine.newBuilder().maximumSize(settings.cacheEntries()).build();
  }

  /**
   * Loads the model, which takes about a second and 300 MB. Nothing is downloaded, unless the
   * settings name a model by a URL.
   *
   * @throws EmbeddingException if the model cannot be loaded, or not as the settings ask
   */
  public static EmbeddingService open(Settings.Embedding settings) {
    return new EmbeddingService(settings, PlainModel.open(settings));
  }

  static EmbeddingService open(Settings.Embedding settings, List<InferenceEngine> engines) {
    return new EmbeddingService(settings, PlainModel.open(settings, engines));
  }

  /**
   * Returns the one service of this JVM for these settings, opened by the first call. It stays open
   * until a caller closes it; the next call then opens another.
   *
   * @throws EmbeddingException if the model cannot be loaded; a later call tries again
   */
  public static EmbeddingService shared(Settings.Embedding settings) {
    return JvmRegistry.get(EmbeddingService.class, settings, () -> open(settings));
  }

  /** Returns the services of this JVM that {@link #shared} has opened, and that are still open. */
  public static List<EmbeddingService> allShared() {
    return JvmRegistry.all(EmbeddingService.class);
  }

  /** Returns how often this JVM has loaded a model. */
  public static int modelsLoaded() {
    return PlainModel.loaded();
  }

  /** Returns the number of floats in a vector. */
  public int dimension() {
    return dimension;
  }

  /** Returns the model's name. Vectors of models with different names cannot be compared. */
  public String modelName() {
    return engine().model();
  }

  /** Returns the engine that computes at present: the CPU, while a GPU that was chosen fails. */
  public EngineInfo engine() {
    return model.engine();
  }

  /**
   * Returns which engine was chosen at the start, and why, in one line: {@code embedding with
   * OnnxRuntime on the cpu in fp32: …}.
   */
  public String description() {
    return description;
  }

  /** Returns whether the CPU replaces a GPU that fails. */
  public boolean hasFallenBack() {
    return model.deviceFailures() > 0 && engine().device().equals("cpu");
  }

  public EmbeddingStats stats() {
    // Read in this order so that hits never exceed requests, and no text counts without its time.
    long texts = computed.sum();
    long hits = cacheHits.sum();
    return new EmbeddingStats(
        requests.sum(), hits, texts, computeNanos.sum(), failedTexts.sum(), model.deviceFailures());
  }

  /** Returns the text's vector, if it is in the cache. Not counted as a request. */
  public Optional<float[]> cached(String text) {
    return Optional.ofNullable(vectors.getIfPresent(TextKey.of(text)));
  }

  /**
   * Puts a vector into the cache that this model made earlier, and that was stored elsewhere. If
   * the text is there already, nothing changes.
   */
  public void remember(String text, float[] vector) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "a vector of " + vector.length + " floats, where the model's have " + dimension);
    }
    vectors.asMap().putIfAbsent(TextKey.of(text), vector);
  }

  /**
   * Embeds texts, blank ones included; returns when all of them are done.
   *
   * @return a vector for each text, in their order; equal texts share one array
   * @throws EmbeddingException if some texts could not be embedded, naming each. The others have
   *     been, and are in the cache
   */
  public List<float[]> embed(List<String> texts) {
    Embedded embedded = ask(texts, new TimeLimit(TimeLimit.FOREVER));
    if (!embedded.failures().isEmpty()) {
      throw new EmbeddingException(embedded.failures(), embedded.cause());
    }
    return embedded.vectors();
  }

  /**
   * Embeds a user's search, and waits for the answer: on a CPU it is computed at once, by the
   * calling thread, beside the batches that are under way.
   *
   * @throws EmbeddingException if it could not be embedded
   */
  public float[] embedQuery(String text) {
    TextKey key = TextKey.of(text);
    float[] known = vectors.getIfPresent(key);
    if (known != null) {
      requests.increment();
      cacheHits.increment();
      return known;
    }
    if (!model.canEmbedBeside()) {
      return embed(List.of(text)).get(0);
    }
    requests.increment();
    float[] vector = besideBatches(text);
    computed.increment();
    vectors.put(key, vector);
    return vector;
  }

  private float[] besideBatches(String text) {
    besideBatches.acquireUninterruptibly();
    lifecycle.readLock().lock();
    try {
      checkOpen();
      long start = System.nanoTime();
      try {
        return nativeWork.run(() -> model.embedBeside(tokenizer.tokenize(List.of(text)).get(0)));
      } catch (RuntimeException e) {
        throw new EmbeddingException(
            List.of(new EmbeddingException.FailedText(text, PlainModel.reason(e))), e);
      } finally {
        computeNanos.add(System.nanoTime() - start);
      }
    } finally {
      lifecycle.readLock().unlock();
      besideBatches.release();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the embedding service is closed");
    }
  }

  /**
   * The result for a list of texts.
   *
   * @param vectors one for each text, in their order; null where there is none
   * @param failures one for each different text that the model fails on
   * @param cause of the first failure; null if there is none
   * @param left the different texts that there was no time for
   */
  public record Embedded(
      List<float[]> vectors,
      List<EmbeddingException.FailedText> failures,
      Throwable cause,
      Set<String> left) {}

  /**
   * Embeds every text that can be embedded: a text that the model fails on does not affect the
   * others.
   *
   * @throws EmbeddingException if the texts are not the cause: the model fails on a known word, too
   */
  public Embedded embedEach(List<String> texts) {
    return embedEach(texts, TimeLimit.FOREVER);
  }

  /**
   * Embeds the same way, within a time limit: vectors in the cache are always returned, and any
   * positive time is enough for one call of the model.
   *
   * @param atMost no call of the model if it is zero or negative
   */
  public Embedded embedEach(List<String> texts, Duration atMost) {
    Embedded embedded = ask(texts, new TimeLimit(atMost));
    if (!embedded.failures().isEmpty()) {
      failedTexts.add(embedded.failures().size());
      try {
        inUse(() -> model.embed(tokenizer.tokenize(List.of(PlainModel.KNOWN_WORD))));
      } catch (RuntimeException e) {
        throw new EmbeddingException("the embedding model fails: " + PlainModel.reason(e), e);
      }
    }
    return embedded;
  }

  private Embedded ask(List<String> texts, TimeLimit limit) {
    for (String text : texts) {
      Objects.requireNonNull(text, "a text is null");
    }
    List<CompletableFuture<float[]>> asked = new ArrayList<>(texts.size());
    List<Pending> mine = new ArrayList<>();
    try {
      for (String text : texts) {
        asked.add(claim(text, mine));
      }
      requests.add(texts.size());
      cacheHits.add(texts.size() - mine.size());
      // Computes its own texts before it waits for those of other threads, which excludes a
      // deadlock.
      for (int from = 0; from < mine.size(); from += WINDOW) {
        compute(mine.subList(from, Math.min(from + WINDOW, mine.size())), limit);
      }
    } catch (Throwable e) {
      // Out of memory, for example. No thread may be left waiting; computed vectors are kept.
      mine.forEach(text -> fail(text, e));
      throw e;
    }
    return collect(texts, asked, limit);
  }

  /** The failure of a text for which the thread that has claimed it has no time left. */
  private static final class NoTimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NoTimeException() {
      super("there is no time for it", null, false, false);
    }
  }

  /** A text that this call has to compute, and the future that other threads wait for. */
  private record Pending(TextKey key, String text, CompletableFuture<float[]> vector) {}

  /** Returns the future of the text's vector; adds the text to {@code mine} if it is new. */
  private CompletableFuture<float[]> claim(String text, List<Pending> mine) {
    TextKey key = TextKey.of(text);
    float[] known = vectors.getIfPresent(key);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    Pending pending = new Pending(key, text, new CompletableFuture<>());
    CompletableFuture<float[]> others = inFlight.putIfAbsent(key, pending.vector());
    if (others != null) {
      return others;
    }
    // Another thread may have finished it between the two checks.
    known = vectors.getIfPresent(key);
    if (known != null) {
      finish(pending, known);
    } else {
      mine.add(pending);
    }
    return pending.vector();
  }

  private void finish(Pending text, float[] vector) {
    vectors.put(text.key(), vector);
    inFlight.remove(text.key(), text.vector());
    text.vector().complete(vector);
  }

  private void fail(Pending text, Throwable cause) {
    inFlight.remove(text.key(), text.vector());
    text.vector().completeExceptionally(cause);
  }

  private void compute(List<Pending> pending, TimeLimit limit) {
    if (limit.isOver()) {
      pending.forEach(text -> fail(text, new NoTimeException()));
      return;
    }
    List<Pending> readable = new ArrayList<>(pending.size());
    List<long[]> tokens = new ArrayList<>(pending.size());
    for (int from = 0; from < pending.size(); from += settings.batchSize()) {
      tokenize(
          pending.subList(from, Math.min(from + settings.batchSize(), pending.size())),
          readable,
          tokens);
    }
    for (int[] batch : LengthBatches.cut(tokens, settings.batchSize())) {
      List<Pending> texts = new ArrayList<>(batch.length);
      List<long[]> rows = new ArrayList<>(batch.length);
      for (int place : batch) {
        texts.add(readable.get(place));
        rows.add(tokens.get(place));
      }
      if (limit.isOver()) {
        texts.forEach(text -> fail(text, new NoTimeException()));
      } else {
        runModel(texts, rows);
        limit.hasWorked();
      }
    }
  }

  private void tokenize(List<Pending> texts, List<Pending> readable, List<long[]> tokens) {
    try {
      tokens.addAll(inUse(() -> tokenizer.tokenize(texts.stream().map(Pending::text).toList())));
      readable.addAll(texts);
    } catch (RuntimeException e) {
      oneByOne(texts, e, i -> tokenize(texts.subList(i, i + 1), readable, tokens));
    }
  }

  private void runModel(List<Pending> texts, List<long[]> tokens) {
    try {
      List<float[]> results = inUse(() -> model.embed(tokens));
      for (int i = 0; i < texts.size(); i++) {
        computed.increment();
        finish(texts.get(i), results.get(i));
      }
    } catch (RuntimeException e) {
      oneByOne(texts, e, i -> runModel(texts.subList(i, i + 1), tokens.subList(i, i + 1)));
    }
  }

  /** Computes texts one by one, so that a bad text does not make its batch fail. */
  private void oneByOne(List<Pending> texts, RuntimeException failure, IntConsumer again) {
    if (texts.size() == 1) {
      fail(texts.get(0), failure);
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      again.accept(i);
    }
  }

  private <T> T inUse(Supplier<T> work) {
    modelInUse.lock();
    try {
      checkOpen();
      long start = System.nanoTime();
      try {
        return nativeWork.run(work);
      } finally {
        computeNanos.add(System.nanoTime() - start);
      }
    } finally {
      modelInUse.unlock();
    }
  }

  private Embedded collect(
      List<String> texts, List<CompletableFuture<float[]>> asked, TimeLimit limit) {
    List<float[]> results = new ArrayList<>(texts.size());
    Map<String, Throwable> failed = new LinkedHashMap<>();
    Set<String> left = new LinkedHashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      float[] vector = null;
      try {
        vector = asked.get(i).get(limit.leftNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        left.add(texts.get(i));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof NoTimeException) {
          left.add(texts.get(i));
        } else {
          failed.putIfAbsent(texts.get(i), e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddingException("interrupted while another thread computed a text", e);
      }
      results.add(vector);
    }
    if (limit.isNone() && !left.isEmpty()) {
      // Another thread had claimed them, and had no time for them. This one has.
      return ask(texts, limit);
    }
    List<EmbeddingException.FailedText> failures = new ArrayList<>();
    failed.forEach(
        (text, cause) ->
            failures.add(new EmbeddingException.FailedText(text, PlainModel.reason(cause))));
    return new Embedded(results, failures, Iterables.getFirst(failed.values(), null), left);
  }

  /** Waits for the present batch, then frees the model. Texts not yet computed fail. */
  @Override
  public void close() {
    JvmRegistry.remove(EmbeddingService.class, settings, this);
    modelInUse.lock();
    lifecycle.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        nativeWork.run(this::free);
      }
    } finally {
      lifecycle.writeLock().unlock();
      modelInUse.unlock();
    }
  }

  private Void free() {
    model.close();
    tokenizer.close();
    return null;
  }
}
