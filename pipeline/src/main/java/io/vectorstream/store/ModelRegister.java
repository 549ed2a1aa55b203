package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.vectorstream.config.Settings;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The memory of which models have vectors in the store, and which of them is in use: one point
 * beside the {@link Ledger}. Each change names the state that it follows, and is read back; so a
 * process that stood still changes nothing that others have decided meanwhile.
 */
public final class ModelRegister {

  /** The limit of tries: in each try one of the competing processes succeeds. */
  private static final int TRIES = 100;

  private static final PointId POINT = PointIds.point("vectorstream models");

  private final VectorStore store;
  private final StatePoint point;

  /** Uses the connection that all batches of this JVM share. */
  public ModelRegister(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public ModelRegister(VectorStore store) {
    this.store = store;
    this.point = new StatePoint(store, POINT);
  }

  /** Returns the state; empty if nothing was migrated so far. */
  public Optional<ModelState> read() {
    return point.read(WithPayloadSelectorFactory.enable(true)).map(ModelState::of);
  }

  /** Returns the state; empty also if there is no collection of states yet. */
  public Optional<ModelState> find() {
    return store.exists(store.collections().state()) ? read() : Optional.empty();
  }

  /**
   * Changes the state, as often as others change it meanwhile.
   *
   * @param first gives the state that is followed where there is none
   * @param change returns the next state; empty to leave it as it is; may throw
   * @return the state afterwards
   */
  public ModelState change(
      Supplier<ModelState> first, Function<ModelState, Optional<ModelState>> change) {
    for (int i = 0; i < TRIES; i++) {
      ModelState before = read().orElseGet(first);
      Optional<ModelState> next = change.apply(before);
      if (next.isEmpty()) {
        return before;
      }
      Optional<ModelState> written = replace(before, next.get());
      if (written.isPresent()) {
        return written.get();
      }
    }
    throw new StoreException(
        "the state of the models in collection '%s' at %s is changed by others as fast as by this process"
            .formatted(store.collections().state(), store.address()));
  }

  /** Replaces a state; empty, with nothing changed, if it is not the stored one any more. */
  public Optional<ModelState> replace(ModelState before, ModelState next) {
    ModelState numbered = next.numbered(before.revision() + 1);
    point.write(numbered.payload(), before.isStillThere());
    return read().filter(numbered::equals);
  }
}
