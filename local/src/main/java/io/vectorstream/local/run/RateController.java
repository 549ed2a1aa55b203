package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.Batch;
import java.time.Duration;

/**
 * A controller that finds the highest rate that the pipeline sustains: the rate at which a batch
 * takes {@value #BUSY} of the trigger. The rest of the trigger keeps the backlog, and with it the
 * latency, bounded.
 *
 * <p>Each batch shows how many records it handles in a second. The rate follows that capacity and
 * not the rate before it: the batch that has just ended was filled at an earlier rate, and a
 * correction of the present rate by it would oscillate. Embedding is calculated apart, because its
 * time grows with the new products and not with the records: half of the last batch's is reserved
 * for it in the next. So is the fixed time of a batch with however few records; otherwise the first
 * small batches would show too low a capacity.
 *
 * <p>An event is due by the rate of its moment, and its latency counts from then on, also if the
 * sender was delayed. Events that were due and not yet sent when the rate changes are dropped: this
 * measures how much is handled, and no rate was promised for them. A run at a fixed rate shows the
 * latency at that rate.
 */
final class RateController {

  /** The rate at the start: low, because the pipeline is cold, with a catalogue to embed. */
  static final double START = 4000;

  /** The share of the trigger that a batch should take. */
  static final double BUSY = 0.93;

  /** The largest decrease by one batch: a single slow batch must not disturb the load. */
  private static final double MOST_DOWN = 0.6;

  private static final double MOST_UP = 3;

  /** The share of a new measurement in the rate; the rest is the rate before. */
  private static final double SMOOTHING = 0.9;

  /** The share of a batch's time for embedding that the next one is expected to need. */
  private static final double EMBEDDING_TO_COME = 0.5;

  /**
   * The backlog, in triggers' worth of events, above which the load is reduced. Normally, one
   * trigger's worth is being handled and nearly one more is waiting.
   */
  private static final double HIGH_BACKLOG = 2.5;

  private static final double HELD_BACK = 0.25;

  /** The share of the fastest batch's time that counts as fixed. */
  private static final double FIXED_SHARE = 0.7;

  /** The backlog above which nothing is sent at all. */
  private static final double MOST_BACKLOG = 5;

  private static final double SLOWEST = 100;

  /** The most seconds of a batch that count as fixed. */
  private static final double MOST_FIXED = 2;

  private final double triggerSeconds;
  private double fixed = MOST_FIXED;
  private volatile double rate = START;

  RateController(Duration trigger) {
    triggerSeconds = SustainedRate.seconds(trigger);
  }

  /** Updates the capacity by a batch. Batches come from one thread. */
  void onBatch(Batch batch) {
    double embedding = batch.phasesMs().embed() / 1000.0;
    double handling = batch.durationMs() / 1000.0 - embedding;
    if (batch.events() == 0 || handling <= 0) {
      return;
    }
    fixed = Math.min(fixed, FIXED_SHARE * handling);
    double capacity = batch.events() / (handling - fixed);
    double timeToHandle = BUSY * triggerSeconds - fixed - EMBEDDING_TO_COME * embedding;
    double sustainable = capacity * Math.max(0, timeToHandle) / triggerSeconds;
    double wanted = rate + SMOOTHING * (sustainable - rate);
    rate = Math.max(SLOWEST, Math.min(Math.max(wanted, rate * MOST_DOWN), rate * MOST_UP));
  }

  /**
   * Returns the events per second to send now.
   *
   * @param backlog records sent and not yet committed
   */
  double rate(long backlog) {
    double now = rate;
    double triggersWorth = backlog / (triggerSeconds * now);
    if (triggersWorth > MOST_BACKLOG) {
      return 0;
    }
    return triggersWorth > HIGH_BACKLOG ? HELD_BACK * now : now;
  }
}
