package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The reader of records that are not events in plain JSON: bytes become JSON by a format, JSON
 * becomes events by a mapping, and each event is judged by the rules of contract C1. Records in
 * plain JSON need none: {@link EventParser} reads them.
 *
 * <p>A record may have several events, some of them good and some not. The good ones are events,
 * and the record is one dead letter that names the others. If it would give other ids when it is
 * replayed, none of its events is taken: the replay would store the good ones once more.
 */
public final class RecordReader implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The items that a dead letter's detail names. */
  private static final int NAMED = 5;

  private final RecordFormat format;
  private final RecordMapping mapping;

  public RecordReader(RecordFormat format, RecordMapping mapping) {
    this.format = format;
    this.mapping = mapping;
  }

  private record Problem(String item, DeadLetter letter) {}

  /**
   * Checks that records may be read again within one try of a batch.
   *
   * @throws UncheckedIOException if they may not: the batch is tried again
   */
  void requireSameAgain() {
    format.requireSameAgain();
  }

  /**
   * Reads a record. Does not throw because of what is in it.
   *
   * @return its events in their order, with one dead letter behind them if something is wrong; or
   *     one {@link SkippedRecord}. Never empty
   * @throws UncheckedIOException if something that the format needs does not answer
   */
  public List<ParsedRecord> read(IncomingRecord record) {
    try {
      JsonNode json = format.read(record);
      List<MappedEvent> mapped = mapping.map(json, record);
      return mapped.isEmpty()
          ? List.of(new SkippedRecord(record.partition(), record.offset()))
          : judged(mapped, record);
    } catch (BrokenRecordException e) {
      return List.of(letter(record, e));
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      return List.of(
          DeadLetter.of(
              record.partition(), record.offset(), record.receivedAtMicros(), "reading it", e));
    }
  }

  /**
   * Returns a record's value as JSON, before it is mapped.
   *
   * @throws BrokenRecordException if the record is not in the format
   */
  public JsonNode json(IncomingRecord record) throws BrokenRecordException {
    return format.read(record);
  }

  private static List<ParsedRecord> judged(List<MappedEvent> mapped, IncomingRecord record) {
    List<ParsedRecord> events = new ArrayList<>(mapped.size());
    List<Problem> problems = new ArrayList<>();
    for (MappedEvent event : mapped) {
      ParsedRecord judged = judged(event, record);
      if (judged instanceof DeadLetter letter) {
        problems.add(new Problem(event.item(), letter));
      } else {
        events.add(judged);
      }
    }
    if (problems.isEmpty()) {
      return events;
    }
    boolean keepsIds = mapped.stream().allMatch(MappedEvent::keepsId);
    DeadLetter letter = letter(record, problems, events.size(), keepsIds);
    if (!keepsIds) {
      return List.of(letter);
    }
    events.add(letter);
    return events;
  }

  private static ParsedRecord judged(MappedEvent event, IncomingRecord record) {
    return event.problem() == null
        ? StrictEventParser.parse(
            event.json(), record.partition(), record.offset(), record.receivedAtMicros())
        : letter(record, event.problem());
  }

  private static DeadLetter letter(IncomingRecord record, BrokenRecordException e) {
    return new DeadLetter(
        record.partition(),
        record.offset(),
        record.receivedAtMicros(),
        e.reason().code(),
        e.getMessage());
  }

  /** Returns one dead letter, with the reason of the first problem. */
  private static DeadLetter letter(
      IncomingRecord record, List<Problem> problems, int good, boolean goodAreTaken) {
    List<String> details = new ArrayList<>();
    for (Problem problem : problems.subList(0, Math.min(NAMED, problems.size()))) {
      String detail = problem.letter().detail();
      details.add(problem.item().isEmpty() ? detail : problem.item() + ": " + detail);
    }
    if (problems.size() > NAMED) {
      details.add("and %d more".formatted(problems.size() - NAMED));
    }
    if (good > 0) {
      details.add(
          "the other events of the record (%d) are %s"
              .formatted(
                  good,
                  goodAreTaken
                      ? "stored"
                      : "not stored either, because it has no id that a replay would keep"));
    }
    return new DeadLetter(
        record.partition(),
        record.offset(),
        record.receivedAtMicros(),
        problems.get(0).letter().reason(),
        String.join("; ", details));
  }
}
