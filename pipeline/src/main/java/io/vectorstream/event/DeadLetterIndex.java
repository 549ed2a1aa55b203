package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/**
 * An index of the newest dead letters without their bytes, for many callers. A call reads what is
 * new in the topic and shares it with the calls that wait meanwhile: only one thread reads at a
 * time, and the topic is read once.
 *
 * @param <A> the result that is computed from a look, and shared by calls that ask for the same
 */
public final class DeadLetterIndex<A> {
  /** The limit of one process: some 300 bytes each. */
  public static final int MOST_LETTERS = 100_000;

  private static final int MOST_SHARED = 16;

  /**
   * @param letter without its bytes
   * @param bytes of its key and value
   * @param replayedAt null if it was never replayed
   */
  private record Known(StoredDeadLetter letter, long bytes, Instant replayedAt) {}

  private record ListRequest(DeadLetterFilter filter, int newest) {}

  private final Settings.Kafka settings;
  private final int most;
  private final Function<Look, A> shown;
  private final Lock oneAtATime = new ReentrantLock();
  private final AtomicLong begun = new AtomicLong();

  private final Map<Integer, TreeMap<Long, Known>> letters = new HashMap<>();

  /** The offsets to read next, by partition; those of replays' marks in {@code nextMark}. */
  private final Map<Integer, Long> next = new HashMap<>();

  private final Map<Integer, Long> nextMark = new HashMap<>();

  /** The offset of each partition from which on all letters are known. */
  private final Map<Integer, Long> knownFrom = new HashMap<>();

  private final Map<ListRequest, A> shared = new LinkedHashMap<>();
  private TopicDescription topic;
  private Uuid topicId = Uuid.ZERO_UUID;
  private boolean isComplete;
  private RuntimeException failure;

  /**
   * Reads nothing yet.
   *
   * @param most the number of letters that are kept; if there are more, the newest of each
   *     partition
   * @param shown computes the result of a look; called by one thread at a time
   */
  public DeadLetterIndex(Settings.Kafka settings, int most, Function<Look, A> shown) {
    this.settings = settings;
    this.most = most;
    this.shown = shown;
  }

  /** A view of the letters that match a filter. */
  public final class Look {
    private final DeadLetterSurvey survey;

    private Look(ListRequest question) {
      DeadLetterSurvey.Counting counting =
          new DeadLetterSurvey.Counting(question.filter(), question.newest());
      letters
          .values()
          .forEach(
              known ->
                  known
                      .values()
                      .forEach(
                          one ->
                              counting.add(one.letter(), one.bytes(), one.replayedAt() != null)));
      this.survey = counting.result();
    }

    /** Counts the letters that are known. */
    public DeadLetterSurvey survey() {
      return survey;
    }

    /** Returns whether all letters in the topic are known, or only the newest. */
    public boolean isComplete() {
      return isComplete;
    }

    /** Visits the newest letters with their bytes, and with the time of each one's last replay. */
    public void forEachNewest(BiConsumer<StoredDeadLetter, Optional<Instant>> visitor) {
      if (survey.newest().isEmpty()) {
        return;
      }
      try (TopicReader reader = new TopicReader(settings, topic)) {
        reader.read(
            survey.newest(),
            letter -> {
              DeadLetterId id = letter.id();
              Known known = letters.get(id.partition()).get(id.offset());
              visitor.accept(letter, Optional.ofNullable(known.replayedAt()));
            });
      }
    }
  }

  /**
   * Looks at everything that was committed before this call, up to the limit.
   *
   * @param newest how many of the newest may be visited
   * @throws KafkaException in one line: Kafka does not answer, or the topic does not exist
   */
  public A ask(DeadLetterFilter filter, int newest) {
    ListRequest question = new ListRequest(filter, newest);
    long before = begun.get();
    oneAtATime.lock();
    try {
      if (begun.get() == before) {
        refresh();
      } else if (failure != null) {
        // That reading began after this call, and another one would wait as long.
        throw failure;
      }
      if (shared.size() == MOST_SHARED && !shared.containsKey(question)) {
        shared.clear();
      }
      return shared.computeIfAbsent(question, any -> shown.apply(new Look(question)));
    } finally {
      oneAtATime.unlock();
    }
  }

  private void refresh() {
    begun.incrementAndGet();
    shared.clear();
    failure = null;
    try {
      readNew();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void readNew() {
    topic = DeadLetterTopic.describe(settings);
    forgetOther(topic.topicId());
    // Reads marks first: the letter of each mark was written before the mark, and is read after it.
    Map<Integer, Long> marksRead = new HashMap<>(nextMark);
    Map<DeadLetterId, Instant> marks = ReplayMarks.readNew(settings, topic.topicId(), marksRead);
    try (TopicReader reader = new TopicReader(settings, topic)) {
      Map<Integer, Long> beginnings = reader.beginnings();
      Map<Integer, Long> starts = new HashMap<>();
      int share = most / beginnings.size();
      reader
          .ends()
          .forEach(
              (partition, end) -> {
                long first = Math.max(beginnings.get(partition), end - share);
                starts.put(partition, next.getOrDefault(partition, first));
                knownFrom.putIfAbsent(partition, first);
              });
      beginnings.forEach((partition, first) -> of(partition).headMap(first).clear());
      reader.read(
          starts,
          record -> {
            add(StoredDeadLetter.of(record));
            return true;
          });
      next.putAll(reader.ends());
      isComplete =
          beginnings.entrySet().stream()
              .allMatch(first -> knownFrom.get(first.getKey()) <= first.getValue());
    }
    marks.forEach(
        (id, at) ->
            of(id.partition())
                .computeIfPresent(
                    id.offset(), (offset, one) -> new Known(one.letter(), one.bytes(), at)));
    nextMark.putAll(marksRead);
  }

  /** Forgets a topic that was deleted: the offsets of its successor start again. */
  private void forgetOther(Uuid id) {
    if (!id.equals(topicId)) {
      letters.clear();
      next.clear();
      nextMark.clear();
      knownFrom.clear();
      topicId = id;
    }
  }

  private TreeMap<Long, Known> of(int partition) {
    return letters.computeIfAbsent(partition, any -> new TreeMap<>());
  }

  private void add(StoredDeadLetter letter) {
    DeadLetterId id = letter.id();
    of(id.partition()).put(id.offset(), new Known(letter.withoutBytes(), letter.bytes(), null));
    if (letters.values().stream().mapToInt(TreeMap::size).sum() > most) {
      Map.Entry<Integer, TreeMap<Long, Known>> largest =
          letters.entrySet().stream()
              .max(Comparator.comparingInt(entry -> entry.getValue().size()))
              .orElseThrow();
      long dropped = largest.getValue().pollFirstEntry().getKey();
      knownFrom.merge(largest.getKey(), dropped + 1, Math::max);
    }
  }
}
