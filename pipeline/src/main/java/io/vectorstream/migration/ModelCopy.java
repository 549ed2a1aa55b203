package io.vectorstream.migration;

import io.vectorstream.store.CopyProgress;
import io.vectorstream.store.CopyProgress.Pass;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline's part in a migration, beside the batches: it copies what was stored before the
 * migration began, and deletes what is not needed any more. One thread uses it.
 *
 * <p>Every write is made between two batches, under a fence of this pipeline, and counts as done
 * only if the ledger still belongs to it then. How far the copy has come is in the store alone.
 */
public final class ModelCopy {

  private static final Logger log = LoggerFactory.getLogger(ModelCopy.class);

  /** How long a collection is left alone after it was decided to delete it: others follow. */
  private static final Duration BEFORE_DELETION = Duration.ofSeconds(5);

  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(1);

  private final Sides sides;
  private final ModelRegister register;
  private final Ledger ledger;
  private final Gaps gaps;
  private final BooleanSupplier allDone;

  /** The migration that every batch knows of from now on; 0 for none. */
  private long knownToAll;

  /** The state that was read or written last. */
  private ModelState state;

  private CopyProgress progress;
  private long notedNanos;

  /** The time between batches. */
  public interface Gaps {

    /** Does a step that must not happen beside a batch, and returns what it returns. */
    boolean between(BooleanSupplier step) throws InterruptedException;
  }

  /**
   * @param ledger gives each step its place among the writers
   * @param allDone returns whether no batch is unfinished; called between batches
   */
  public ModelCopy(Sides sides, Ledger ledger, Gaps gaps, BooleanSupplier allDone) {
    this.sides = sides;
    this.register = sides.register();
    this.ledger = ledger;
    this.gaps = gaps;
    this.allDone = allDone;
  }

  /**
   * Makes a step.
   *
   * @return whether there may be more to do at once
   */
  public boolean step() throws InterruptedException {
    Optional<ModelState> now = sides.state();
    if (now.isEmpty()) {
      return false;
    }
    if (state == null || now.get().revision() != state.revision()) {
      state = now.get();
      progress = state.progress();
    }
    return switch (state.phase()) {
      case COPYING -> copy();
      case DROPPING -> drop();
      case SETTLED, PREPARING, READY -> false;
    };
  }

  private boolean copy() throws InterruptedException {
    if (knownToAll != state.number() && !gaps.between(this::begin)) {
      return false;
    }
    Side inUse = sides.side(state.inUse(), false);
    Side other = sides.side(state.other(), true);
    if (!other.isReady()) {
      String problem = other.lateEmbeddings().problem().orElse("");
      if (!problem.equals(state.problem())) {
        note(state.with(progress, problem));
      }
      return false;
    }
    if (!state.problem().isEmpty() && !note(state.with(progress, ""))) {
      return true;
    }
    boolean more =
        switch (progress.pass()) {
          case PRODUCTS -> copyProducts(new ProductCopy(inUse, other));
          case USERS -> copyUsers(new UserCopy(inUse, other));
          case TEXTS -> awaitTexts(inUse, other);
        };
    if (System.nanoTime() - notedNanos > BETWEEN_NOTES.toNanos()
        && !progress.equals(state.progress())) {
      note(state.with(progress, ""));
    }
    return more;
  }

  /**
   * Makes sure that whatever was stored without a copy was stored before: a batch reads the state
   * of the models when it begins, and none is unfinished.
   */
  private boolean begin() {
    if (!allDone.getAsBoolean()) {
      return false;
    }
    sides.noteOwn();
    state = sides.state().orElseThrow();
    progress = state.progress();
    if (state.phase() != Phase.COPYING) {
      return false;
    }
    ledger.requireOwned();
    if (progress.startedAt().isEmpty()) {
      Side inUse = sides.side(state.inUse(), false);
      progress =
          progress.begun(
              new ProductCollection(inUse.settings().qdrant()).count(),
              new UserCollection(inUse.settings().qdrant()).count(),
              Instant.now().toString());
      log.info(
          "a copy for the model {} begins: {} products, {} users",
          state.other().model(),
          progress.productsInAll(),
          progress.usersInAll());
    } else {
      log.info("the copy for the model {} goes on", state.other().model());
    }
    long number = state.number();
    if (!note(state.with(progress, ""))) {
      return false;
    }
    knownToAll = number;
    return true;
  }

  private boolean copyProducts(ProductCopy copy) throws InterruptedException {
    ProductCopy.Prepared prepared = copy.prepare(progress.from());
    gaps.between(
        () -> {
          copy.write(prepared, ledger.nextTurn());
          // No write may have been refused before the copy is taken for done.
          ledger.requireOwned();
          return true;
        });
    progress =
        progress.plusProducts(prepared.page().states().size(), prepared.page().next().orElse(""));
    return prepared.page().next().isPresent() || note(state.with(progress.in(Pass.USERS), ""));
  }

  private boolean copyUsers(UserCopy copy) throws InterruptedException {
    UserCopy.Prepared prepared = copy.prepare(progress.from());
    boolean done =
        gaps.between(
            () -> {
              if (!allDone.getAsBoolean()) {
                return false;
              }
              Optional<Integer> inPart = copy.write(prepared, ledger.nextTurn());
              ledger.requireOwned();
              inPart.ifPresent(
                  some ->
                      progress =
                          progress.plusUsers(
                              prepared.page().states().size() + prepared.page().forgotten().size(),
                              some,
                              prepared.page().next().orElse("")));
              return inPart.isPresent();
            });
    if (!done) {
      return false;
    }
    return prepared.page().next().isPresent() || note(state.with(progress.in(Pass.TEXTS), ""));
  }

  /** Ends the copy when no more texts wait for the new model than for the one in use. */
  private boolean awaitTexts(Side inUse, Side other) {
    if (waiting(other) > waiting(inUse)) {
      return false;
    }
    if (note(state.with(progress, "").in(Phase.READY))) {
      log.info(
          "everything is copied for the model {}; `model switch` takes it into use",
          state.other().model());
    }
    return false;
  }

  private static long waiting(Side side) {
    return new ProductCollection(side.settings().qdrant()).countPending()
        + new UserCollection(side.settings().qdrant()).countWaitingForQueries();
  }

  private boolean drop() throws InterruptedException {
    if (Instant.parse(state.at()).plus(BEFORE_DELETION).isAfter(Instant.now())) {
      return false;
    }
    // A batch that begins after this gap does not write to it any more, and none is under way.
    return gaps.between(
        () -> {
          ledger.requireOwned();
          delete(VectorStore.ofBatches(sides.own().qdrant()), register, state);
          return false;
        });
  }

  /** Deletes the collections of the model that is not in use, and settles the state. */
  static void delete(VectorStore store, ModelRegister register, ModelState dropping) {
    ModelCollections other = dropping.other();
    store.delete(other.products());
    store.delete(other.users());
    if (register.replace(dropping, dropping.settled()).isPresent()) {
      log.info("the vectors of the model {} are deleted", other.model());
    }
  }

  /** Writes the state; returns false if others have changed it, so that it has to be read again. */
  private boolean note(ModelState next) {
    notedNanos = System.nanoTime();
    Optional<ModelState> written = register.replace(state, next);
    if (written.isPresent()) {
      state = written.get();
      progress = state.progress();
    } else {
      state = null;
    }
    return written.isPresent();
  }
}
