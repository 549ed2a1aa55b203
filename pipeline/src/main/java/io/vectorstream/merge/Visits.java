package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one user did with products within a batch, one entry an event. The order is that of the
 * records, whatever tasks they were spread over.
 */
final class Visits implements Serializable {

  private static final long serialVersionUID = 1L;

  /** More than a person does within one batch; a shared id or a robot may do more. */
  private static final int MOST = 1_000;

  /** The multiple of the limit at which visits are sorted, because sorting takes time. */
  private static final int SLACK = 2;

  /**
   * One of them.
   *
   * @param tie tells events of one record apart, the same way each time
   * @param atMicros the time at which the event counts, in microseconds since 1970
   */
  record Visit(
      int partition, long offset, int tie, String productId, Engagement engagement, long atMicros)
      implements Serializable {}

  private static final Comparator<Visit> BY_RECORD =
      Comparator.comparingInt(Visit::partition)
          .thenComparingLong(Visit::offset)
          .thenComparingInt(Visit::tie)
          .thenComparing(Visit::productId);

  private List<Visit> visits = new ArrayList<>(1);

  void add(ShopEvent event) {
    Engagement engagement = Engagement.of(event.type());
    if (event.product() == null || engagement == null) {
      return;
    }
    add(
        new Visit(
            event.partition(),
            event.offset(),
            event.eventId().hashCode(),
            event.product().id(),
            engagement,
            event.countedAtMicros()));
  }

  void add(Visits other) {
    other.visits.forEach(this::add);
  }

  private void add(Visit visit) {
    visits.add(visit);
    if (visits.size() > SLACK * MOST) {
      visits = new ArrayList<>(inOrder());
    }
  }

  /** Returns the last of them, in the order of their records. */
  List<Visit> inOrder() {
    List<Visit> ordered = visits.stream().sorted(BY_RECORD).toList();
    return ordered.subList(Math.max(0, ordered.size() - MOST), ordered.size());
  }

  boolean isEmpty() {
    return visits.isEmpty();
  }
}
