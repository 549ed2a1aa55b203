package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * Dead letters that are in the topic already, where a lost checkpoint, or an old one that was put
 * back, brings the same records again. The topic is read only for a batch that may have some of
 * them, and of what it holds no more is kept than what that batch has.
 */
final class EarlierLetters {

  private final Settings.Kafka settings;

  /** The last offset of each partition of events that has a dead letter; null if not known. */
  private Map<Integer, Long> last;

  /** The same as it was found; without the partitions that have been read past it since. */
  private final Map<Integer, Long> ahead = new HashMap<>();

  private final Set<Origin> found = new HashSet<>();

  /** Where a record lay; with its time, because a topic made again counts from 0 again. */
  private record Origin(int partition, long offset, Instant timestamp) {}

  EarlierLetters(Settings.Kafka settings) {
    this.settings = settings;
  }

  /**
   * Finds those of a batch.
   *
   * @param mayBeThere whether some of them may be in the topic, for all that the caller knows
   */
  void lookFor(DeadLetterFile letters, boolean mayBeThere) {
    found.clear();
    if (last == null && !mayBeThere) {
      return;
    }
    Map<Integer, Roaring64NavigableMap> wanted = new HashMap<>();
    letters.forEach(
        letter -> {
          if (last == null || letter.offset() <= last.getOrDefault(letter.partition(), -1L)) {
            wanted
                .computeIfAbsent(letter.partition(), partition -> new Roaring64NavigableMap())
                .addLong(letter.offset());
          }
        });
    if (!wanted.isEmpty()) {
      read(wanted);
    }
  }

  private void read(Map<Integer, Roaring64NavigableMap> wanted) {
    Map<Integer, Long> last = new HashMap<>();
    DeadLetters.forEach(
        settings,
        letter -> {
          // Anybody may have written there.
          if (letter.partition() == null || letter.offset() == null || letter.offset() < 0) {
            return;
          }
          last.merge(letter.partition(), letter.offset(), Math::max);
          Roaring64NavigableMap offsets = wanted.get(letter.partition());
          if (offsets != null && offsets.contains(letter.offset())) {
            found.add(new Origin(letter.partition(), letter.offset(), letter.timestamp()));
          }
        });
    if (this.last == null) {
      ahead.putAll(last);
    }
    this.last = last;
  }

  /** Whether the dead letter of a record that lay there and then is in the topic. */
  boolean has(DeadLetter letter, Instant timestamp) {
    return found.contains(new Origin(letter.partition(), letter.offset(), timestamp));
  }

  /** Takes note of one that is written. Those of a partition come in the order of offsets. */
  void passed(DeadLetter letter) {
    ahead.computeIfPresent(
        letter.partition(), (partition, end) -> letter.offset() > end ? null : end);
    if (last != null) {
      last.merge(letter.partition(), letter.offset(), Math::max);
    }
  }

  /** Whether nothing that the query reads from here on can be in the topic. */
  boolean isLeftBehind() {
    return ahead.isEmpty();
  }
}
