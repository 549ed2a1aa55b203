package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterIndex;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.ReplayPlan;
import io.vectorstream.event.StoredDeadLetter;
import io.vectorstream.store.ForgottenLetters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** {@code GET /dead-letters} and {@code POST /dead-letters/replay}. */
final class DeadLetterEndpoints {
  private static final String GROUP = "Dead letters";

  /** The limit for a key or a value: a record may be as large as Kafka allows. */
  private static final int MOST_BYTES_SHOWN = 4000;

  private static final Parameter<Integer> LIMIT =
      Parameter.number("limit", 0, 100, "How many to show, the newest first.").or(20);

  /**
   * Bytes of a record.
   *
   * @param content the part that is shown
   * @param encoding {@code utf-8}, or {@code base64} for bytes that are not UTF-8
   * @param bytes the number of all bytes
   */
  record Content(String content, String encoding, int bytes) {

    /** Returns null for null. */
    private static Content of(byte[] all) {
      if (all == null) {
        return null;
      }
      byte[] shown = all.length <= MOST_BYTES_SHOWN ? all : Arrays.copyOf(all, MOST_BYTES_SHOWN);
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(all));
        // The cut may be within a character.
        return new Content(new String(shown, UTF_8), "utf-8", all.length);
      } catch (CharacterCodingException e) {
        return new Content(Base64.getEncoder().encodeToString(shown), "base64", all.length);
      }
    }
  }

  /**
   * A record that could not be read; unknown values are left out.
   *
   * @param id where it lies in the dead-letter topic
   * @param topic that it was read from
   * @param replayedAt when it was replayed to its topic
   */
  record DeadLetterRecord(
      String id,
      Instant failedAt,
      String reason,
      String detail,
      String topic,
      Integer partition,
      Long offset,
      Instant timestamp,
      Instant replayedAt,
      Content key,
      Content value) {}

  /**
   * @param total in the topic, or of the dead letters that are looked at
   * @param complete whether all in the topic are looked at, and not only the newest
   * @param matching dead letters that match
   * @param replayed those of them that were replayed before
   * @param byReason the matching ones by their reason
   */
  record DeadLetterList(
      String topic,
      long total,
      boolean complete,
      long matching,
      long replayed,
      Map<String, Long> byReason,
      List<DeadLetterRecord> records) {}

  /**
   * The result of a replay, or of its dry run.
   *
   * @param matching dead letters that match
   * @param due those of them that are to be replayed: not replayed before, unless again is asked
   *     for
   * @param byReason the due ones by their reason
   * @param replayed how many were replayed; 0 after a dry run. Those without a key are left out
   *     where the topic is compacted: Kafka takes none there
   */
  record Replayed(
      String topic,
      String toTopic,
      boolean dryRun,
      long matching,
      long due,
      Map<String, Long> byReason,
      long replayed) {}

  private final Settings.Kafka settings;
  private final DeadLetterIndex<DeadLetterList> index;
  private final ForgottenLetters forgotten;
  private final Semaphore replaying = new Semaphore(1);

  private DeadLetterEndpoints(Settings.Kafka settings, ForgottenLetters forgotten) {
    this.settings = settings;
    this.forgotten = forgotten;
    this.index = new DeadLetterIndex<>(settings, DeadLetterIndex.MOST_LETTERS, this::list);
  }

  static List<Endpoint> over(Settings.Kafka settings, ForgottenLetters forgotten) {
    DeadLetterEndpoints letters = new DeadLetterEndpoints(settings, forgotten);
    return List.of(
        Endpoint.get("/dead-letters", GROUP, "The records that could not be read")
            .description(
                "Counts all that match, of the newest 100,000 in the topic; complete says whether"
                    + " there are more. Of a key or a value, the first 4,000 bytes are shown; of"
                    + " records of forgotten users, nothing.")
            .with(DeadLetterParameters.ALL)
            .with(LIMIT)
            .answers(DeadLetterList.class, letters::list),
        Endpoint.post("/dead-letters/replay", GROUP, "Sends such records to their topic once more")
            .description(
                "Each is replayed once, however often this is asked, unless again is true. A record"
                    + " that can be read now is stored once; one that still cannot becomes a new"
                    + " dead letter. The answer comes when all are sent.")
            .body(ReplayRequest.class)
            .refusals(Status.CONFLICT)
            .answers(Replayed.class, letters::replay));
  }

  private DeadLetterList list(Request request) {
    return index.ask(DeadLetterParameters.of(request), request.get(LIMIT));
  }

  private DeadLetterList list(DeadLetterIndex<DeadLetterList>.Look look) {
    DeadLetterSurvey survey = look.survey();
    List<DeadLetterRecord> records = new ArrayList<>();
    UnaryOperator<StoredDeadLetter> shown = forgotten.shown();
    look.forEachNewest((letter, replayedAt) -> records.add(shown(shown.apply(letter), replayedAt)));
    return new DeadLetterList(
        settings.deadLetterTopic(),
        survey.all(),
        look.isComplete(),
        survey.matching().all(),
        survey.matching().replayed(),
        survey.byReason().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, count -> count.getValue().all())),
        records);
  }

  private static DeadLetterRecord shown(StoredDeadLetter letter, Optional<Instant> replayedAt) {
    return new DeadLetterRecord(
        letter.id().toString(),
        letter.failedAt(),
        letter.reason(),
        letter.detail(),
        letter.topic(),
        letter.partition(),
        letter.offset(),
        letter.timestamp(),
        replayedAt.orElse(null),
        Content.of(letter.key()),
        Content.of(letter.value()));
  }

  private Replayed replay(Request request) {
    ReplayRequest asked = request.body(ReplayRequest.class);
    DeadLetterFilter filter = asked.filter();
    if (asked.toTopic() != null) {
      checkMayReplay(asked.toTopic());
    }
    // Of two at the same time, the later one would take over, and the earlier one fail halfway.
    if (!replaying.tryAcquire()) {
      throw new RequestException(
          Status.CONFLICT, "another replay is under way; try again when it has ended");
    }
    try (DeadLetterTopic topic = DeadLetterTopic.open(settings)) {
      ReplayPlan plan = ReplayPlan.of(DeadLetterSurvey.of(topic, filter, 0), asked.wantsAgain());
      if (asked.toTopic() == null) {
        checkSources(plan);
      }
      long replayed = plan.total() == 0 ? 0 : replay(topic, filter, asked);
      return new Replayed(
          settings.deadLetterTopic(),
          asked.toTopic() == null ? String.join(", ", plan.byTopic().keySet()) : asked.toTopic(),
          asked.wantsDryRun(),
          plan.matching(),
          plan.total(),
          plan.byReason(),
          replayed);
    } finally {
      replaying.release();
    }
  }

  private long replay(DeadLetterTopic topic, DeadLetterFilter filter, ReplayRequest asked) {
    try {
      DeadLetterReplay.checkTarget(settings, asked.toTopic());
    } catch (IllegalArgumentException e) {
      throw new RequestException(Status.BAD_REQUEST, e.getMessage());
    }
    if (asked.wantsDryRun()) {
      return 0;
    }
    try (DeadLetterReplay replay = DeadLetterReplay.open(settings, topic, asked.toTopic())) {
      return replay.run(filter, asked.wantsAgain(), soFar -> {});
    }
  }

  private void checkMayReplay(String target) {
    if (!settings.replayTargets().contains(target)) {
      throw new RequestException(
          Status.FORBIDDEN,
          "dead letters may not be replayed to %s from here; expected %s, or a topic that is named in"
                  .formatted(Parameter.shown(target), String.join(" or ", settings.replayTargets()))
              + " kafka.replay_topics");
    }
  }

  private void checkSources(ReplayPlan plan) {
    plan.foreign(settings.readTopics())
        .ifPresent(
            origin -> {
              throw new RequestException(
                  Status.BAD_REQUEST,
                  "%,d of the dead letters %s, and kafka.topic is %s; say where they go with to_topic"
                      .formatted(
                          origin.getValue(),
                          origin.getKey().isEmpty()
                              ? "do not say what topic they come from"
                              : "come from the topic " + Parameter.shown(origin.getKey()),
                          settings.topic()));
            });
  }
}
