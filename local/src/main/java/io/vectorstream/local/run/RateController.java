package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.Batch;
import java.time.Duration;

/**
 * Finds the most that the pipeline sustains: the rate at which a batch takes {@value #BUSY} of the
 * trigger. What is left of the trigger keeps the backlog, and with it the latency, bounded.
 *
 * <p>Each batch says how many records it handles in a second. The rate follows that capacity and
 * not the rate before it: the batch that has just ended was filled by an earlier rate, and
 * correcting the present one by it would swing for ever. Embedding is reckoned apart, because its
 * time grows with the products that are new and not with the records: half of the last batch's is
 * set aside for it in the next. So is what a batch takes however few its records are, or the first
 * small batches would seem to say that little can be handled.
 *
 * <p>An event is due by the rate of its moment, and its latency counts from then on, also where the
 * sender was held up. What was due and not yet sent when the rate changes is not sent any more:
 * here the question is how much is handled, and an event that nobody has promised cannot be late.
 * How late events are at a rate that is promised, a run at that rate says.
 */
final class RateController {

  /** Low, because the first batches find a cold pipeline and a catalogue to embed. */
  static final double START = 4000;

  /** The share of the trigger that a batch should take. */
  static final double BUSY = 0.93;

  /** What one batch may change: a single odd one must not throw the load off. */
  private static final double MOST_DOWN = 0.6;

  private static final double MOST_UP = 3;

  /** The share of a new measurement in the rate; the rest is the rate before. */
  private static final double SMOOTHING = 0.9;

  /** The share of a batch's time for embedding that the next one is expected to need. */
  private static final double EMBEDDING_TO_COME = 0.5;

  /**
   * Backlog, in triggers' worth of events, above which the load is held back. One trigger's worth
   * is being handled and nearly one more is waiting when all goes well.
   */
  private static final double HIGH_BACKLOG = 2.5;

  private static final double HELD_BACK = 0.25;

  /** The share of the quickest batch's time that is taken for fixed. */
  private static final double FIXED_SHARE = 0.7;

  /** Backlog above which nothing is sent at all. */
  private static final double MOST_BACKLOG = 5;

  private static final double SLOWEST = 100;

  /** Seconds of a batch that can pass for fixed. */
  private static final double MOST_FIXED = 2;

  private final double triggerSeconds;
  private double fixed = MOST_FIXED;
  private volatile double rate = START;

  RateController(Duration trigger) {
    triggerSeconds = SustainedRate.seconds(trigger);
  }

  /** Takes what a batch says about the capacity. Batches come from one thread. */
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
   * The events per second to send now.
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
