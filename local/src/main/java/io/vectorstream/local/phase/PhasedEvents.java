package io.vectorstream.local.phase;

import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.GeneratedRecord;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Events of a shop, some of them about products that the others do not have. */
public final class PhasedEvents implements EventSource {
  private final EventSource usual;
  private final EventSource aboutNew;
  private final DoubleSupplier newShare;
  private final SplittableRandom random;

  /**
   * @param newShare the share of the second source now, 0 to 1
   */
  public PhasedEvents(EventSource usual, EventSource aboutNew, DoubleSupplier newShare, long seed) {
    this.usual = usual;
    this.aboutNew = aboutNew;
    this.newShare = newShare;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public GeneratedRecord next(Instant due) {
    double share = newShare.getAsDouble();
    return share > 0 && random.nextDouble() < share ? aboutNew.next(due) : usual.next(due);
  }
}
