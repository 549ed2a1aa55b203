package io.vectorstream.stream;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The division of a batch among partitions, max-min fairly: each gets the same, and the unused
 * share of a partition is divided among the others. So new events in a short partition do not wait
 * for the backlog of a long one.
 */
final class FairShare {

  private FairShare() {}

  /**
   * @param waiting events waiting, by partition
   * @param limit events to take in all
   * @return events to take, by partition; {@code limit} in sum, or all waiting ones if they are
   *     fewer
   */
  static <P> Map<P, Long> of(Map<P, Long> waiting, long limit) {
    List<Map.Entry<P, Long>> shortestFirst =
        waiting.entrySet().stream()
            .sorted(Comparator.comparingLong(Map.Entry<P, Long>::getValue))
            .toList();
    Map<P, Long> shares = new HashMap<>();
    long left = limit;
    int partitions = shortestFirst.size();
    for (Map.Entry<P, Long> partition : shortestFirst) {
      long share = Math.min(partition.getValue(), (left + partitions - 1) / partitions);
      partitions--;
      shares.put(partition.getKey(), share);
      left -= share;
    }
    return shares;
  }
}
