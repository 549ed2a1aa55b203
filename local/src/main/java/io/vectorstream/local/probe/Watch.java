package io.vectorstream.local.probe;

import io.vectorstream.reports.result.Searchable.Sightings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Things that were sent, each looked for until it is there. */
final class Watch {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Function<List<String>, Set<String>> look;
  private final Map<String, Long> awaited = new ConcurrentHashMap<>();
  private final Histogram latencyMs = new Histogram(3);
  private long unseen;

  /**
   * @param look returns those of some ids that are there; where it fails, it is asked again
   */
  Watch(Function<List<String>, Set<String>> look) {
    this.look = look;
  }

  /** Looks for this one from now on. */
  void expect(String id, long dueNanos) {
    awaited.put(id, dueNanos);
  }

  /** Looks again and again, until the thread is interrupted. */
  void watch() {
    try {
      while (true) {
        lookOnce();
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void lookOnce() {
    List<String> ids = List.copyOf(awaited.keySet());
    if (ids.isEmpty()) {
      return;
    }
    try {
      for (String id : look.apply(ids)) {
        Long due = awaited.remove(id);
        if (due != null) {
          record(due);
        }
      }
    } catch (RuntimeException e) {
      // The store or the API does not answer: the time goes on.
    }
  }

  private synchronized void record(long dueNanos) {
    latencyMs.recordValue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - dueNanos));
  }

  boolean areAllSeen() {
    return awaited.isEmpty();
  }

  /** Gives up those that were not seen so far, and returns what was measured. */
  synchronized Sightings finish(Duration asked) {
    for (String id : List.copyOf(awaited.keySet())) {
      Long due = awaited.remove(id);
      if (due != null) {
        unseen++;
        record(due);
      }
    }
    return new Sightings(
        latencyMs.getTotalCount(),
        unseen,
        asked == null ? null : asked.toMillis(),
        LatencyCurve.summary(latencyMs),
        LatencyCurve.of(latencyMs));
  }
}
