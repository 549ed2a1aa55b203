package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * The dead letters that are already in the topic when the same records are read again, because a
 * checkpoint was lost, or an old one was restored. The topic is read only for a batch that may have
 * such letters, and only the letters of that batch are kept.
 */
final class EarlierLetters {

  private final Settings.Kafka settings;

  /** The last offset of each partition of events that has a dead letter; null if not known. */
  private Map<Integer, Long> last;

  /**
   * The last offsets as first found, without the partitions that have been read past theirs since.
   */
  private final Map<Integer, Long> ahead = new HashMap<>();

  private final Set<RecordPlace> found = new HashSet<>();

  /** A record's place and time, because offsets of a topic that is created again start at 0. */
  private record RecordPlace(int partition, long offset, Instant timestamp) {}

  EarlierLetters(Settings.Kafka settings) {
    this.settings = settings;
  }

  /**
   * Finds the letters of a batch that are in the topic.
   *
   * @param mayBeThere whether, as far as the caller knows, some of them may be in the topic
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
          // Any program may have written to the topic, and products have letters there, too.
          if (letter.partition() == null
              || letter.offset() == null
              || letter.offset() < 0
              || !settings.topic().equals(letter.topic())) {
            return;
          }
          last.merge(letter.partition(), letter.offset(), Math::max);
          Roaring64NavigableMap offsets = wanted.get(letter.partition());
          if (offsets != null && offsets.contains(letter.offset())) {
            found.add(new RecordPlace(letter.partition(), letter.offset(), letter.timestamp()));
          }
        });
    if (this.last == null) {
      ahead.putAll(last);
    }
    this.last = last;
  }

  /** Returns whether the topic holds the dead letter of the record with this place and time. */
  boolean has(DeadLetter letter, Instant timestamp) {
    return found.contains(new RecordPlace(letter.partition(), letter.offset(), timestamp));
  }

  /** Notes a dead letter that is written. Those of a partition come in the order of offsets. */
  void passed(DeadLetter letter) {
    ahead.computeIfPresent(
        letter.partition(), (partition, end) -> letter.offset() > end ? null : end);
    if (last != null) {
      last.merge(letter.partition(), letter.offset(), Math::max);
    }
  }

  /** Returns whether no record read from here on can have a dead letter in the topic. */
  boolean isLeftBehind() {
    return ahead.isEmpty();
  }
}
