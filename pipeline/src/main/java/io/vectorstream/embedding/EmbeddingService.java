package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import io.vectorstream.process.JvmRegistry;
import io.vectorstream.process.NativeWork;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The service that embeds texts: one vector each, {@code float[384]} of the bundled model,
 * L2-normalised, so that a dot product of two is their cosine. The vectors stay in a bounded cache
 * and are returned without a copy: callers must not change them.
 *
 * <p>Texts of products and searches are told apart, because a model may have been trained with
 * another prompt before each of them.
 *
 * <p>A text is computed once, even when several threads ask for it at the same time. The model runs
 * one batch at a time, on all of its threads; a user's search does not wait for them.
 */
public final class EmbeddingService implements AutoCloseable {
  private final Settings.Embedding settings;
  private final Tokenizer tokenizer;
  private final EmbeddingModel model;
  private final int dimension;
  private final String description;
  private final Prompts prompts;
  private final ModelIdentity identity;
  private final EmbeddedTexts known;
  private final TextBatches batches;

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

  private final LongAdder computeNanos = new LongAdder();
  private final LongAdder failedTexts = new LongAdder();

  /** Takes over the tokenizer and the model, and closes them with itself. */
  EmbeddingService(Settings.Embedding settings, Tokenizer tokenizer, EmbeddingModel model) {
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
    this.prompts = plain.prompts();
    this.identity = plain.identity();
    this.known = new EmbeddedTexts(settings.cacheEntries());
    this.batches = new TextBatches(tokenizer, model, settings.batchSize(), new InTurns(), known);
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

  /** Returns what its vectors can be compared by. */
  public ModelIdentity identity() {
    return identity;
  }

  /** Returns the text that is stored with its vectors: {@link ModelIdentity#toString}. */
  public String modelName() {
    return identity.toString();
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

  /** Returns why texts wait: a server that embeds does not answer. Empty while it does. */
  public Optional<String> outage() {
    return model.outage();
  }

  public EmbeddingStats stats() {
    // Read in this order so that hits never exceed requests, and no text counts without its time.
    long texts = known.computed();
    long hits = known.hits();
    return new EmbeddingStats(
        known.requests(),
        hits,
        texts,
        computeNanos.sum(),
        failedTexts.sum(),
        model.deviceFailures());
  }

  /** Returns a product text's vector, if it is in the cache. Not counted as a request. */
  public Optional<float[]> cached(String text) {
    return known.cached(TextKey.of(prompts.document() + text));
  }

  /** Returns the vector of what users have searched for, in the same way. */
  public Optional<float[]> cachedQuery(String text) {
    return known.cached(TextKey.of(prompts.query() + text));
  }

  /**
   * Puts a product text's vector into the cache that this model made earlier, and that was stored
   * elsewhere. If the text is there already, nothing changes.
   */
  public void remember(String text, float[] vector) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "a vector of " + vector.length + " floats, where the model's have " + dimension);
    }
    known.remember(TextKey.of(prompts.document() + text), vector);
  }

  /**
   * Embeds texts of products, blank ones included; returns when all of them are done.
   *
   * @return a vector for each text, in their order; equal texts share one array
   * @throws EmbeddingException if some texts could not be embedded, naming each. The others have
   *     been, and are in the cache
   */
  public List<float[]> embed(List<String> texts) {
    Embedded embedded = ask(prompts.document(), texts, new TimeLimit(TimeLimit.FOREVER));
    if (!embedded.failures().isEmpty()) {
      throw new EmbeddingException(embedded.failures(), embedded.cause());
    }
    return embedded.vectors();
  }

  /**
   * Embeds what a user searches for, and waits for the answer: on a CPU it is computed at once, by
   * the calling thread, beside the batches that are under way.
   *
   * @throws EmbeddingException if it could not be embedded
   */
  public float[] embedQuery(String text) {
    return embedSoon(prompts.query(), text);
  }

  /** Embeds a product's text in the same way. */
  public float[] embedDocument(String text) {
    return embedSoon(prompts.document(), text);
  }

  private float[] embedSoon(String prompt, String text) {
    TextKey key = TextKey.of(prompt + text);
    Optional<float[]> cached = known.request(key);
    if (cached.isPresent()) {
      return cached.get();
    }
    if (!model.canEmbedBeside()) {
      Embedded embedded = ask(prompt, List.of(text), new TimeLimit(TimeLimit.FOREVER));
      if (!embedded.failures().isEmpty()) {
        throw new EmbeddingException(embedded.failures(), embedded.cause());
      }
      return embedded.vectors().get(0);
    }
    known.requested();
    float[] vector = besideBatches(prompt, text);
    known.computed(key, vector);
    return vector;
  }

  private float[] besideBatches(String prompt, String text) {
    besideBatches.acquireUninterruptibly();
    lifecycle.readLock().lock();
    try {
      checkOpen();
      long start = System.nanoTime();
      try {
        return computing(
            () -> model.embedBeside(tokenizer.tokenize(List.of(prompt + text)).get(0)));
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
   * Embeds every product's text that can be embedded: a text that the model fails on does not
   * affect the others.
   *
   * @throws EmbeddingException if the texts are not the cause: the model fails on a known word, too
   */
  public Embedded embedEach(List<String> texts) {
    return embedEach(texts, TimeLimit.FOREVER);
  }

  /**
   * Embeds the same way, within a time limit: vectors in the cache are always returned, and any
   * positive time is enough for one call of the model. Texts of a server that does not answer are
   * left, as if there were no time for them.
   *
   * @param atMost no call of the model if it is zero or negative
   */
  public Embedded embedEach(List<String> texts, Duration atMost) {
    return embedEach(prompts.document(), texts, atMost);
  }

  /** Embeds what users have searched for, as {@link #embedEach(List)} does. */
  public Embedded embedQueries(List<String> texts) {
    return embedQueries(texts, TimeLimit.FOREVER);
  }

  /** Embeds what users have searched for, as {@link #embedEach(List, Duration)} does. */
  public Embedded embedQueries(List<String> texts, Duration atMost) {
    return embedEach(prompts.query(), texts, atMost);
  }

  private Embedded embedEach(String prompt, List<String> texts, Duration atMost) {
    Embedded embedded = ask(prompt, texts, new TimeLimit(atMost));
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

  /** Asks for texts with a prompt before each; the result is about the texts without it. */
  private Embedded ask(String prompt, List<String> texts, TimeLimit limit) {
    for (String text : texts) {
      Objects.requireNonNull(text, "a text is null");
    }
    if (prompt.isEmpty()) {
      return known.ask(texts, batches, limit);
    }
    Embedded embedded =
        known.ask(texts.stream().map(text -> prompt + text).toList(), batches, limit);
    int start = prompt.length();
    return new Embedded(
        embedded.vectors(),
        embedded.failures().stream()
            .map(
                failed ->
                    new EmbeddingException.FailedText(
                        failed.text().substring(start), failed.reason()))
            .toList(),
        embedded.cause(),
        embedded.left().stream()
            .map(text -> text.substring(start))
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** The batches, one at a time. */
  private final class InTurns implements TextBatches.Turns {
    @Override
    public <T> T inUse(Supplier<T> work) {
      return EmbeddingService.this.inUse(work);
    }
  }

  private <T> T inUse(Supplier<T> work) {
    modelInUse.lock();
    try {
      checkOpen();
      long start = System.nanoTime();
      try {
        return computing(work);
      } finally {
        computeNanos.add(System.nanoTime() - start);
      }
    } finally {
      modelInUse.unlock();
    }
  }

  private <T> T computing(Supplier<T> work) {
    return model.isNative() ? nativeWork.run(work) : work.get();
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
