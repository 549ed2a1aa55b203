package io.vectorstream.fresh;

import com.google.common.collect.Iterables;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.TopicTail;
import io.vectorstream.event.WatchedTopic;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.LedgerEntry;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that keep {@link HeldEvents} up to date: one reads the topic as records come, the
 * other asks each second for the topic's partitions, the ledger, and the forgotten users. Their
 * failures are tried again and disturb nobody: answers are without what is not read, and say so.
 */
final class TopicFollower implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration WATCH = Duration.ofSeconds(1);

  /** The time after which a reader that has not reached the topic's end counts as behind. */
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private static final Duration TELL_AFTER = Duration.ofSeconds(30);

  private final Settings settings;
  private final VectorStore store;
  private final ForgetRegister register;
  private final HeldEvents held;
  private final Optional<RecordReader> reader;
  private final Thread reading = new Thread(this::read, "fresh-events");
  private final Thread watching = new Thread(this::watch, "fresh-watch");
  private final Trouble readingTrouble = new Trouble();
  private final Trouble watchingTrouble = new Trouble();
  private volatile boolean closed;

  /** The topic as it was seen last; null until then. */
  private volatile Seen seen;

  /** Increases when reading has to begin anew. */
  private volatile long runs;

  private volatile long lag;
  private volatile long atEndNanos;

  /** The run in which the topic's end was reached last. */
  private volatile long atEndRun = -1;

  /** When the last read of the ledger that was taken over had begun. */
  private long refreshedNanos;

  private boolean isRefreshed;
  private int lowerRevisions;

  private record Seen(WatchedTopic.State topic, long nanos) {}

  /**
   * @param reader of records that are not events in plain JSON
   */
  TopicFollower(
      Settings settings,
      VectorStore store,
      ForgetRegister register,
      HeldEvents held,
      Optional<RecordReader> reader) {
    this.reader = reader;
    this.settings = settings;
    this.store = store;
    this.register = register;
    this.held = held;
    reading.setDaemon(true);
    watching.setDaemon(true);
  }

  void start() {
    watching.start();
    reading.start();
  }

  /** Returns whether all records are read that Kafka has taken some seconds ago or earlier. */
  boolean isAtEnd() {
    return atEndRun == runs && System.nanoTime() - atEndNanos < BEHIND.toNanos();
  }

  /** Returns the number of records that were not read yet when Kafka was asked last. */
  long lag() {
    return lag;
  }

  private void watch() {
    while (!closed) {
      try (WatchedTopic topic = new WatchedTopic(settings.kafka())) {
        while (!closed) {
          look(topic);
          watchingTrouble.isOver();
          pause(WATCH);
        }
      } catch (RuntimeException e) {
        failed(watchingTrouble, e);
        refreshWithoutTopic();
        pause(WATCH);
      }
    }
  }

  /** Reads the ledger also while Kafka does not answer: batches may go on nevertheless. */
  private void refreshWithoutTopic() {
    try {
      refresh(true);
    } catch (RuntimeException e) {
      failed(watchingTrouble, e);
    }
  }

  private void look(WatchedTopic topic) {
    WatchedTopic.State state = topic.state().orElse(null);
    if (state == null) {
      seen = null;
      return;
    }
    held.forget(register.current());
    seen = new Seen(state, System.nanoTime());
    refresh(true);
  }

  /**
   * Reads the ledger, unless another thread has begun to do so since this call began.
   *
   * @return its revision
   */
  long refresh() {
    return refresh(false);
  }

  private long refresh(boolean watching) {
    long asked = System.nanoTime();
    synchronized (this) {
      return !watching && isRefreshed && refreshedNanos - asked >= 0
          ? held.merged().revision()
          : read(watching);
    }
  }

  private long read(boolean watching) {
    Seen now = seen;
    long begun = System.nanoTime();
    LedgerEntry entry = Ledger.find(store).orElse(null);
    if (now == null) {
      return -1;
    }
    MergedOffsets before = held.merged();
    boolean lower = entry != null && before != null && entry.revision() < before.revision();
    // One copy of the store may be behind the others for a moment.
    if (watching) {
      lowerRevisions = lower ? lowerRevisions + 1 : 0;
    }
    if (lower && (!watching || lowerRevisions < 3)) {
      return before.revision();
    }
    if (held.advance(entry, now.topic().topicId())) {
      runs++;
    }
    refreshedNanos = begun;
    isRefreshed = true;
    return held.merged().revision();
  }

  private void read() {
    Map<Integer, Long> positions = Map.of();
    long run = -1;
    while (!closed) {
      if (!canRead()) {
        pause(POLL);
        continue;
      }
      try (TopicTail tail = new TopicTail(settings.kafka(), reader)) {
        if (run != runs || positions.isEmpty()) {
          run = runs;
          positions = Map.of();
          atEndRun = -1;
          held.startOver();
          positions = starts();
        }
        tail.readFrom(positions);
        while (!closed && run == runs) {
          for (List<ParsedRecord> record : tail.poll(POLL)) {
            held.add(Iterables.filter(record, ShopEvent.class));
          }
          positions = tail.positions();
          readingTrouble.isOver();
          compare(positions, run);
          Map<Integer, Long> next = withNewPartitions(positions);
          if (!next.equals(positions)) {
            positions = next;
            tail.readFrom(next);
          }
        }
      } catch (OffsetOutOfRangeException e) {
        // Records have expired, or the topic was created again.
        positions = Map.of();
        failed(readingTrouble, e);
        pause(WATCH);
      } catch (RuntimeException e) {
        failed(readingTrouble, e);
        pause(WATCH);
      }
    }
  }

  /** Returns whether it is known where the records begin that were not merged. */
  private boolean canRead() {
    MergedOffsets merged = held.merged();
    return seen != null
        && merged != null
        && (merged.hasOffsets()
            || settings.kafka().startingOffsets() == Settings.StartingOffsets.EARLIEST);
  }

  /** Returns where to begin: where the ledger says, but not before what there is room for. */
  private Map<Integer, Long> starts() {
    WatchedTopic.State topic = seen.topic();
    MergedOffsets merged = held.merged();
    Map<Integer, Long> starts = new HashMap<>();
    long waiting = 0;
    for (int partition : topic.ends().keySet()) {
      long start = Math.max(merged.floor(partition), topic.beginnings().get(partition));
      starts.put(partition, start);
      waiting += Math.max(0, topic.ends().get(partition) - start);
    }
    long most = settings.fresh().maxEvents();
    if (waiting > most) {
      Map<Integer, Long> missed = new HashMap<>();
      topic
          .ends()
          .forEach(
              (partition, end) -> {
                long latest = end - most / starts.size();
                if (latest > starts.get(partition)) {
                  missed.put(partition, latest);
                }
              });
      starts.putAll(missed);
      held.miss(missed);
    }
    return starts;
  }

  /** Adds partitions that are new, and leaves out what all sums contain by now. */
  private Map<Integer, Long> withNewPartitions(Map<Integer, Long> positions) {
    Seen now = seen;
    MergedOffsets merged = held.merged();
    if (now == null || merged == null) {
      return positions;
    }
    Map<Integer, Long> next = new HashMap<>(positions);
    now.topic()
        .beginnings()
        .forEach(
            (partition, first) ->
                next.merge(
                    partition,
                    Math.max(first, merged.floor(partition)),
                    (at, floor) -> Math.max(at, floor)));
    return next;
  }

  private void compare(Map<Integer, Long> positions, long run) {
    Seen now = seen;
    if (now == null) {
      return;
    }
    long missing = 0;
    for (Map.Entry<Integer, Long> end : now.topic().ends().entrySet()) {
      missing += Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L));
    }
    lag = missing;
    if (missing == 0) {
      atEndNanos = now.nanos();
      atEndRun = run;
    }
  }

  private void failed(Trouble trouble, RuntimeException failure) {
    if (!closed && trouble.isWorthTelling()) {
      log.warn(
          "what no batch has merged yet cannot be followed at the moment: {}",
          failure instanceof StoreException || failure instanceof KafkaException
              ? failure.getMessage()
              : failure);
    }
    log.debug("following the topic failed", failure);
  }

  /** Failures in a row, which are told once, and not while everything starts. */
  private static final class Trouble {
    private long sinceNanos;
    private boolean failing;
    private boolean told;

    private void isOver() {
      failing = false;
      told = false;
    }

    private boolean isWorthTelling() {
      if (!failing) {
        failing = true;
        sinceNanos = System.nanoTime();
      }
      boolean first = !told && System.nanoTime() - sinceNanos > TELL_AFTER.toNanos();
      told |= first;
      return first;
    }
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      // It is being closed.
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : new Thread[] {reading, watching}) {
      thread.interrupt();
      try {
        thread.join(BEHIND.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
