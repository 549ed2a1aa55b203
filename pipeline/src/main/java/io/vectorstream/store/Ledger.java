package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a pipeline in the store itself: one point that records which pipeline may write to
 * the collections, which batch it has begun last, which model made the vectors, and how point ids
 * were derived. A pipeline that starts takes it over, with the next epoch. From then on the earlier
 * pipeline can begin no batch, and its writes of sums are refused where the new one has written
 * ({@link Fence}).
 *
 * <p>Each change names the state that it follows (a compare-and-set by Qdrant's conditional
 * upsert), and is read back.
 */
public final class Ledger {

  private static final Logger log = LoggerFactory.getLogger(Ledger.class);

  /** The limit of tries: in each try one of the competing pipelines succeeds. */
  private static final int TAKE_OVERS = 20;

  private final VectorStore store;
  private final String collection;
  private final StatePoint point;
  private final String owner = UUID.randomUUID().toString();
  private volatile LedgerEntry current;
  private long turns;

  private Ledger(VectorStore store) {
    this.store = store;
    this.collection = store.collections().state();
    this.point = new StatePoint(store, LedgerEntry.POINT);
  }

  /**
   * Makes this process the only one that may begin batches.
   *
   * @param host the name of this process for users
   */
  public static Ledger takeOver(Settings.Qdrant settings, String host) {
    VectorStore store = VectorStore.shared(settings);
    Ledger ledger = new Ledger(store);
    for (int i = 0; i < TAKE_OVERS; i++) {
      LedgerEntry before = ledger.read();
      LedgerEntry mine =
          (before == null ? LedgerEntry.first(StoredFences.highestEpoch(store)) : before)
              .takenOverBy(ledger.owner, host, Instant.now());
      if (ledger.replace(before, mine)) {
        if (before != null && !before.host().equals(host)) {
          log.info("took over from {}, which wrote since {}", before.host(), before.since());
        }
        return ledger;
      }
    }
    throw new StoreException(
        "collection '%s' at %s: other pipelines take over as fast as this one; expected one pipeline for a set of collections"
            .formatted(ledger.collection, store.address()));
  }

  /** Returns the entry in the store; empty if no pipeline has ever started on it. */
  public static Optional<LedgerEntry> find(VectorStore store) {
    return Optional.ofNullable(new Ledger(store).read());
  }

  /** Returns whether any event is stored: without a begun batch, by a version with no ledger. */
  public boolean hasEvents() {
    return store.countEvents() > 0;
  }

  /** Returns the entry that this process has written last. */
  public LedgerEntry entry() {
    return current;
  }

  /**
   * Records that a batch begins, or how far it has come.
   *
   * @throws FencedException if another pipeline has taken over
   */
  public synchronized void note(BegunBatch batch) {
    write(current.withBatch(batch));
  }

  /**
   * Records which model made the vectors, and how point ids were derived.
   *
   * @throws FencedException if another pipeline has taken over
   */
  public synchronized void note(String model, int pointIds) {
    write(current.with(model, pointIds));
  }

  /**
   * Records the time from which on events are known; a time before the recorded one changes
   * nothing.
   *
   * @param horizon seconds since 1970
   * @throws FencedException if another pipeline has taken over
   */
  public synchronized void noteHorizon(long horizon) {
    if (horizon > current.horizon()) {
      write(current.withHorizon(horizon));
    }
  }

  /**
   * Returns a fence above all that this process has written with before.
   *
   * @throws FencedException if another pipeline has taken over
   */
  public synchronized Fence nextTurn() {
    if (turns == Fence.TURNS) {
      write(current.takenOverBy(owner, current.host(), Instant.now()));
      turns = 0;
    }
    return Fence.of(current.epoch(), turns++);
  }

  /**
   * Checks that this pipeline was the only writer until now, so that all its writes of sums were
   * applied.
   *
   * @throws FencedException if another pipeline has taken over
   */
  public synchronized void requireOwned() {
    LedgerEntry now = read();
    if (now == null || !now.owner().equals(owner)) {
      throw replacedBy(now);
    }
  }

  private void write(LedgerEntry next) {
    if (!replace(current, next)) {
      LedgerEntry other = read();
      // This process wrote it; the answer was lost together with the try.
      if (other != null && other.owner().equals(owner) && replace(other, next)) {
        return;
      }
      throw replacedBy(other);
    }
  }

  private FencedException replacedBy(LedgerEntry other) {
    return new FencedException(
        other == null
            ? "the state of the pipeline in collection '%s' at %s was deleted; restore the collection or start again"
                .formatted(collection, store.address())
            : "another pipeline (%s, since %s) has taken over the collections at %s; expected one pipeline for a set of collections: this one stops, and loses nothing"
                .formatted(other.host(), other.since(), store.address()));
  }

  /** Replaces the entry; returns false if the stored one is not the expected one. */
  private boolean replace(LedgerEntry expected, LedgerEntry next) {
    LedgerEntry numbered = next.withRevision(expected == null ? 1 : expected.revision() + 1);
    point.write(numbered.payload(), expected == null ? null : expected.isStillThere());
    if (!numbered.equals(read())) {
      return false;
    }
    current = numbered;
    return true;
  }

  private LedgerEntry read() {
    return point.read(WithPayloadSelectorFactory.enable(true)).map(LedgerEntry::of).orElse(null);
  }
}
