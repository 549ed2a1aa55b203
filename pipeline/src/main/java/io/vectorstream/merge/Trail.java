package io.vectorstream.merge;

import java.util.ArrayList;
import java.util.List;

/**
 * The products that a user turned to last, in the order of the records in which each came first. A
 * product that leaves the trail may come again later.
 *
 * @param steps the first that came first; no product twice
 */
public record Trail(List<Step> steps) {

  /** The trail of a user who is not known. */
  public static final Trail NONE = new Trail(List.of());

  /**
   * A product, and the most that the user did with it since it came.
   *
   * @param engagement never null
   */
  public record Step(String productId, Engagement engagement) {}

  /** Takes note of products that one user turned to. */
  public interface PairListener {
    /**
     * Tells of two products that both have been seen, put in the cart or bought now. It is told
     * once of each, for as long as both are in the trail.
     *
     * @param atMicros the time of the action that made them a pair, in microseconds since 1970
     */
    void pair(String productId, String otherId, Engagement engagement, long atMicros);
  }

  /** Takes note of nothing. */
  static final PairListener NOBODY = (productId, otherId, engagement, atMicros) -> {};

  /**
   * Returns the trail after a batch.
   *
   * @param length products that a trail has at most
   * @param pairs is told of each pair that comes to be
   */
  public Trail after(UserDelta batch, int length, PairListener pairs) {
    Visits visits = batch.visits();
    if (visits.isEmpty()) {
      return this;
    }
    List<Step> after = new ArrayList<>(steps);
    for (Visits.Visit visit : visits.inOrder()) {
      int index = indexOf(visit.productId(), after);
      int known = index < 0 ? -1 : after.get(index).engagement().ordinal();
      if (visit.engagement().ordinal() <= known) {
        continue;
      }
      tell(visit, known, after, pairs);
      Step step = new Step(visit.productId(), visit.engagement());
      if (index < 0) {
        after.add(step);
      } else {
        after.set(index, step);
      }
      while (after.size() > length) {
        after.remove(0);
      }
    }
    return new Trail(List.copyOf(after));
  }

  private static int indexOf(String productId, List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).productId().equals(productId)) {
        return i;
      }
    }
    return -1;
  }

  private static void tell(Visits.Visit visit, int known, List<Step> others, PairListener pairs) {
    for (Step other : others) {
      if (other.productId().equals(visit.productId())) {
        continue;
      }
      int both = Math.min(visit.engagement().ordinal(), other.engagement().ordinal());
      for (int level = known + 1; level <= both; level++) {
        pairs.pair(
            visit.productId(), other.productId(), Engagement.values()[level], visit.atMicros());
      }
    }
  }
}
