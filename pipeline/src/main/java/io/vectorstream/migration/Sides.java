package io.vectorstream.migration;

import io.vectorstream.config.ModelSettings;
import io.vectorstream.config.Redaction;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that a pipeline makes vectors with: its own and, during a migration, another. Which
 * these are is read from the store each time, so that every part of a batch knows of a migration
 * that was decided before it began.
 */
public final class Sides {

  private static final Logger log = LoggerFactory.getLogger(Sides.class);

  /** How long a request of a model that nobody waits for is repeated. */
  private static final Duration RETRIED = Duration.ofSeconds(1);

  private final Settings own;
  private final ModelRegister register;

  /** The connections of other models than the own. */
  private final Set<Settings.Qdrant> opened = ConcurrentHashMap.newKeySet();

  private String toldInUse;

  private Sides(Settings own, ModelRegister register, String inUse) {
    this.own = own;
    this.register = register;
    this.toldInUse = inUse;
  }

  /**
   * Finds out which model is in use.
   *
   * @param given the settings of the process
   */
  public static Sides open(Settings given, VectorStore store) {
    Settings own = ModelInUse.of(given, store);
    return new Sides(own, new ModelRegister(own.qdrant()), own.qdrant().collections().products());
  }

  /** Returns the settings with the model that was in use at the start, and its collections. */
  public Settings own() {
    return own;
  }

  ModelRegister register() {
    return register;
  }

  Optional<ModelState> state() {
    return register.read();
  }

  /**
   * Returns the models whose points have to be changed, the one in use last. A new point of one
   * whose collections are partial is written before that of the other: so whoever finds it in the
   * other collection alone knows that it was there before the migration began.
   */
  public List<Side> written() {
    Optional<ModelState> state = state();
    if (state.isEmpty()) {
      return List.of(new Side(null, own, false, false));
    }
    tell(state.get());
    return state
        .get()
        .written()
        .map(model -> side(model, state.get().phase() == Phase.COPYING && !isInUse(model, state)))
        .toList();
  }

  private static boolean isInUse(ModelCollections model, Optional<ModelState> state) {
    return model.products().equals(state.get().inUse().products());
  }

  Side side(ModelCollections model, boolean partial) {
    boolean isOwn = model.products().equals(own.qdrant().collections().products());
    if (isOwn) {
      return new Side(model, own, false, partial);
    }
    Settings late = ModelInUse.settings(own, model).withEmbeddingRetriedFor(RETRIED);
    opened.add(late.qdrant());
    return new Side(model, late, true, partial);
  }

  /** Tells once that another model is in use than before. */
  private synchronized void tell(ModelState state) {
    ModelCollections inUse = state.inUse();
    if (inUse.products().equals(toldInUse)) {
      return;
    }
    toldInUse = inUse.products();
    String advice = ModelInUse.advice(inUse, own.embedding());
    if (inUse.products().equals(own.qdrant().collections().products())) {
      log.info("the model in use is {} again, as the settings say", inUse.model());
    } else {
      log.info(
          "the model in use is {} from now on; set for the next start: {}", inUse.model(), advice);
    }
  }

  /**
   * Checks that the state of the models is not lost, where its collections show that there was one.
   *
   * @throws StoreException with the ways out
   */
  public void requireKnown(VectorStore store) {
    if (new ModelRegister(store).find().isPresent()) {
      return;
    }
    List<String> others;
    try {
      others = ModelNames.ofOthers(store.collectionNames(), own.qdrant().collections());
    } catch (StoreException e) {
      if (e.isPassing()) {
        throw e;
      }
      // A key for these collections only may not list the others.
      log.debug("the other collections are not known", e);
      return;
    }
    if (!others.isEmpty()) {
      throw new StoreException(
          "collections %s at %s are those of another model, but which model is in use is not known any more (collection '%s' was deleted or put back); name the collections to go on with (qdrant.collections.products and users), or delete these"
              .formatted(
                  String.join(", ", others), store.address(), own.qdrant().collections().state()));
    }
  }

  /** Notes how this process loads the model in use, which others have to know after a switch. */
  public void noteOwn() {
    String model = own.embedding().model();
    // The password in a URL is nobody else's.
    if (state().isEmpty() || Redaction.holdsSecret(model)) {
      return;
    }
    Map<String, String> settings = ModelSettings.of(own.embedding());
    if (!own.embedding().asksServer() && !model.equals(Settings.Embedding.BUNDLED)) {
      Path folder = Path.of(model);
      if (Files.isDirectory(folder)) {
        settings.put(ModelSettings.MODEL, folder.toAbsolutePath().normalize().toString());
      }
    }
    register.change(
        () -> {
          throw new IllegalStateException("the state of the models is gone");
        },
        state ->
            state.inUse().products().equals(own.qdrant().collections().products())
                    && !state.inUse().settings().equals(settings)
                ? Optional.of(state.withSettingsInUse(settings))
                : Optional.empty());
  }

  /** Closes the connections for other models than the own. */
  public void close() {
    opened.forEach(VectorStore::closeShared);
  }

  /** Returns the service of the model that was in use at the start. */
  public EmbeddingService ownEmbeddings() {
    return EmbeddingService.shared(own.embedding());
  }
}
