package io.vectorstream.migration;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.LedgerEntry;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.StoredModel;
import io.vectorstream.store.VectorStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an operator decides about a migration. Each decision is one change of the state of the
 * models, and takes effect only if that is still as it was read; the pipeline does the work.
 */
public final class ModelMigrations {

  /** The share of products without a vector of the new model above which it is not taken. */
  private static final double MOST_WAITING = 0.01;

  private final Settings settings;
  private final VectorStore store;
  private final ModelRegister register;

  /**
   * @param settings with the collections as a pipeline's settings name them
   */
  public ModelMigrations(Settings settings, VectorStore store) {
    this.settings = settings;
    this.store = store;
    this.register = new ModelRegister(store);
  }

  /** Returns the state; empty if nothing was migrated so far. */
  public Optional<ModelState> state() {
    return register.find();
  }

  /**
   * Begins a migration, or goes on with one to the same model.
   *
   * @param model the identity of the new model
   * @param dimension floats in its vectors
   * @param loads the settings that load it
   * @throws StoreException if there is nothing to migrate, or another migration is not over
   */
  public ModelState begin(ModelIdentity model, int dimension, Map<String, String> loads) {
    LedgerEntry ledger =
        (store.exists(store.collections().state())
                ? Ledger.find(store)
                : Optional.<LedgerEntry>empty())
            .orElseThrow(
                () ->
                    new StoreException(
                        "no pipeline has run on the collections at %s; start it with the new model instead"
                            .formatted(store.address())));
    if (StoredModel.dimension(store, store.collections().events()) > 0) {
      throw new StoreException(
          "the events in collection '%s' carry vectors (events.vectors: true), which cannot be migrated beside a pipeline; name other collections (qdrant.collections) and another checkpoint to embed everything again"
              .formatted(store.collections().events()));
    }
    ModelState begun =
        register.change(() -> first(ledger), state -> next(state, model, dimension, loads));
    if (begun.phase() == Phase.PREPARING) {
      begun = prepare(begun);
    }
    return begun;
  }

  private ModelState first(LedgerEntry ledger) {
    Settings.Collections names = store.collections();
    int dimension = StoredModel.dimension(store, names.products());
    if (dimension == 0) {
      throw new StoreException(
          "there is no collection '%s' with vectors at %s; expected the one that the pipeline writes (qdrant.collections)"
              .formatted(names.products(), store.address()));
    }
    return ModelState.first(
        new ModelCollections(ledger.model(), dimension, names.products(), names.users(), Map.of()));
  }

  private Optional<ModelState> next(
      ModelState state, ModelIdentity model, int dimension, Map<String, String> loads) {
    if (model.made(state.inUse().model())) {
      throw new StoreException(
          "the model %s is the one in use; expected another one".formatted(state.inUse().model()));
    }
    if (state.phase() == Phase.SETTLED) {
      long number =
          ModelNames.free(state.number() + 1, store.collectionNames(), store.collections());
      return Optional.of(
          state.preparing(
              number,
              new ModelCollections(
                  model.toString(),
                  dimension,
                  ModelNames.numbered(store.collections().products(), number),
                  ModelNames.numbered(store.collections().users(), number),
                  loads)));
    }
    if (state.phase() == Phase.DROPPING) {
      throw new StoreException(
          "the vectors of the model %s are being deleted, which the pipeline does; try again when `model status` says that it is done"
              .formatted(state.other().model()));
    }
    if (state.switched()) {
      throw new StoreException(
          "the vectors of the model %s are still kept; expected `model drop-old` or `model switch-back` before another migration"
              .formatted(state.other().model()));
    }
    if (!model.made(state.other().model())) {
      throw new StoreException(
          "a migration to the model %s is under way; expected that one, or `model cancel` first"
              .formatted(state.other().model()));
    }
    return Optional.empty();
  }

  private ModelState prepare(ModelState preparing) {
    ModelCollections next = preparing.other();
    Settings ofNext = settings.withModel(settings.embedding(), next.products(), next.users());
    try (VectorStore its = VectorStore.connectForWork(ofNext.qdrant())) {
      new CollectionSchemas(its, next.dimension(), ModelIdentity.ofStored(next.model()))
          .ensureModel();
    }
    return register.change(
        () -> preparing,
        state ->
            state.phase() == Phase.PREPARING && state.number() == preparing.number()
                ? Optional.of(state.in(Phase.COPYING))
                : Optional.empty());
  }

  /**
   * Takes the new model into use.
   *
   * @param force also if many products have no vector of it
   */
  public ModelState switchOver(boolean force) {
    return change(
        state -> {
          if (state.switched() && state.phase() == Phase.READY) {
            return Optional.empty();
          }
          require(
              state.phase() == Phase.READY,
              state,
              "everything that was stored is copied before a switch");
          if (!force) {
            requireEmbedded(state.other());
          }
          return Optional.of(state.switchedOver());
        });
  }

  /** Takes the former model into use again. */
  public ModelState switchBack() {
    return change(
        state -> {
          if (!state.switched() && state.phase() == Phase.READY) {
            return Optional.empty();
          }
          require(
              state.phase() == Phase.READY && state.switched(),
              state,
              "a switch that can be undone");
          return Optional.of(state.switchedOver());
        });
  }

  /** Gives a migration up; the pipeline deletes what it has made. */
  public ModelState cancel() {
    return change(
        state -> {
          if (state.phase() == Phase.SETTLED || state.phase() == Phase.DROPPING) {
            return Optional.empty();
          }
          require(
              !state.switched(),
              state,
              "`model switch-back` before, or `model drop-old` to stay with the new model");
          return Optional.of(state.in(Phase.DROPPING));
        });
  }

  /** Ends a migration after a switch; the pipeline deletes the former model's vectors. */
  public ModelState dropOld() {
    return change(
        state -> {
          if (state.phase() == Phase.SETTLED || state.phase() == Phase.DROPPING) {
            return Optional.empty();
          }
          require(state.switched(), state, "`model switch` before");
          return Optional.of(state.in(Phase.DROPPING));
        });
  }

  /**
   * Deletes at once what the pipeline would delete, as none runs; one that does is ended.
   *
   * @param host the name of this process for users
   */
  public ModelState dropWithoutPipeline(String host) {
    try {
      Ledger.takeOver(settings.qdrant(), host);
      ModelState state = read();
      if (state.phase() == Phase.DROPPING) {
        ModelCopy.delete(store, register, state);
      }
      return read();
    } finally {
      VectorStore.closeShared(settings.qdrant());
    }
  }

  private void requireEmbedded(ModelCollections next) {
    Settings ofNext = settings.withModel(settings.embedding(), next.products(), next.users());
    try (VectorStore its = VectorStore.connect(ofNext.qdrant())) {
      ProductCollection products = new ProductCollection(its);
      long waiting = products.countPending();
      long all = products.count();
      if (waiting > MOST_WAITING * all) {
        throw new StoreException(
            "%,d of %,d products wait for a vector of the model %s, so searches would not find them; wait until they have one, or switch with --force"
                .formatted(waiting, all, next.model()));
      }
    }
  }

  private ModelState read() {
    return register.find().orElseThrow(ModelMigrations::none);
  }

  private ModelState change(Function<ModelState, Optional<ModelState>> change) {
    read();
    return register.change(
        () -> {
          throw none();
        },
        change);
  }

  private static StoreException none() {
    return new StoreException(
        "no migration was ever begun on these collections; expected `model migrate --to DIR` before");
  }

  private static void require(boolean holds, ModelState state, String expected) {
    if (!holds) {
      throw new StoreException("%s; expected %s".formatted(ModelPhases.sentence(state), expected));
    }
  }
}
