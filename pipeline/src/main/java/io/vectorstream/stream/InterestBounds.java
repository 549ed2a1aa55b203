package io.vectorstream.stream;

import io.vectorstream.monitoring.BoundedInterests;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of cases in this JVM in which bounds made interests leave out texts. The first case of
 * each kind is logged.
 */
final class InterestBounds {

  private static final Logger log = LoggerFactory.getLogger(InterestBounds.class);

  private static final LongAdder PRODUCTS = new LongAdder();
  private static final LongAdder SHARES = new LongAdder();
  private static final AtomicBoolean TOLD_OF_PRODUCTS = new AtomicBoolean();
  private static final AtomicBoolean TOLD_OF_SHARES = new AtomicBoolean();

  private InterestBounds() {}

  /** Returns the counts until now. */
  static BoundedInterests counted() {
    return new BoundedInterests(PRODUCTS.sum(), SHARES.sum());
  }

  /** Counts products with too many texts: some texts count as another one. */
  static void standIns(Set<String> products) {
    PRODUCTS.add(products.size());
    if (!products.isEmpty() && TOLD_OF_PRODUCTS.compareAndSet(false, true)) {
      log.warn(
          "product {} has more different texts than interest.texts_per_product: further ones count"
              + " in interests as another text of the product. This is logged once; the metric"
              + " vectorstream_interest_stand_ins_total counts all",
          products.iterator().next());
    }
  }

  /** Counts shares beyond the bound of a user's interest: only their weight counts. */
  static void leftOut(long shares) {
    SHARES.add(shares);
    if (shares > 0 && TOLD_OF_SHARES.compareAndSet(false, true)) {
      log.warn(
          "an interest waits for more texts than interest.pending_texts allows: {} of them count with"
              + " their weight, but without a direction. This is logged once; the metric"
              + " vectorstream_interest_left_out_shares_total counts all",
          shares);
    }
  }
}
