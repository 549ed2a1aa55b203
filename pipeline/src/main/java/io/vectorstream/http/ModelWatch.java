package io.vectorstream.http;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that notices which model is in use. A new one is loaded before it is taken into use,
 * so that no answer waits for it; until it can be loaded here, answers come from the former one.
 */
final class ModelWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final VectorStore store;
  private final ModelRegister register;
  private final Settings given;
  private final Function<Settings, ModelEndpoints> make;
  private final Consumer<ModelEndpoints> use;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "model-watch");
  private final Set<String> prepared = new HashSet<>();
  private String inUse;
  private String told = "";

  /**
   * @param store for looks of its own; closed with this
   * @param given the settings of the process, with the collections that answers come from at first
   * @param make makes the endpoints of another model
   * @param use receives those of the model in use, when it is another one
   */
  ModelWatch(
      VectorStore store,
      Settings given,
      Function<Settings, ModelEndpoints> make,
      Consumer<ModelEndpoints> use) {
    this.store = store;
    this.register = new ModelRegister(store);
    this.given = given;
    this.make = make;
    this.use = use;
    this.inUse = given.qdrant().collections().products();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    try {
      Duration pause = BETWEEN_LOOKS;
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = look();
      }
    } catch (InterruptedException e) {
      log.debug("interrupted");
    }
  }

  private Duration look() {
    try {
      Optional<ModelState> state = register.find();
      state.ifPresent(this::follow);
      told = "";
      return BETWEEN_LOOKS;
    } catch (StoreException e) {
      log.debug("it is not known which model is in use", e);
      return BETWEEN_LOOKS;
    } catch (EmbeddingException | IllegalStateException e) {
      if (!told.equals(e.getMessage())) {
        log.warn(
            "answers come from the former model, as the one in use cannot be loaded: {}",
            e.getMessage());
        told = e.getMessage();
      }
      return AFTER_FAILURE;
    }
  }

  private void follow(ModelState state) {
    if (!state.inUse().products().equals(inUse)) {
      ModelEndpoints next = make.apply(settings(state.inUse()));
      try {
        next.prepare();
      } catch (RuntimeException e) {
        next.close();
        throw e;
      }
      use.accept(next);
      inUse = state.inUse().products();
      log.info("answers come from the model {} from now on", state.inUse().model());
    } else if (state.phase() == Phase.READY && prepared.add(state.other().products())) {
      prepare(state.other());
    }
  }

  /** Loads a model that may be taken into use, so that following takes no time then. */
  private void prepare(ModelCollections other) {
    try (ModelEndpoints next = make.apply(settings(other))) {
      next.prepare();
    } catch (EmbeddingException e) {
      log.warn(
          "the model {} may be taken into use, and cannot be loaded here: {}",
          other.model(),
          e.getMessage());
    }
  }

  private Settings settings(ModelCollections model) {
    return ModelInUse.of(given, model);
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
