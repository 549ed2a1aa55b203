package io.vectorstream.local.system;

import io.vectorstream.config.PositiveDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.Range;

/**
 * A system that carries events from Kafka to a vector store, as its file describes it. Texts may
 * have placeholders, see {@link Placeholders}.
 *
 * @param name as results name it
 * @param description for a reader
 * @param start the command that runs it in the foreground, word by word; empty if it runs already
 * @param environment of that command, beside this program's own
 * @param files to write into its folder before each first start, by their names
 * @param stop a command that stops it; without it, the process is asked to end as Ctrl-C does
 * @param kill a command that kills it; without it, the process and those that it has started are
 *     killed
 * @param ready how it shows that it is ready; null: as soon as it is started
 * @param collections to make before its start
 * @param record the text of a record; null: the event itself
 * @param points where its points lie
 * @param acknowledged how it shows that it is done with an event; null where it does not
 * @param promise about each event
 * @param sums that it promises
 * @param vectors the collection that is searched; null where it stores none
 * @param settledAfter how long nothing more comes before it counts as done
 */
public record SystemDescription(
    @NotNull
        @Pattern(
            regexp = "[a-z0-9-]{1,40}",
            message = "is no name; expected lower-case letters, digits and -, at most 40")
        String name,
    String description,
    List<String> start,
    Map<String, String> environment,
    Map<String, String> files,
    List<String> stop,
    List<String> kill,
    @Valid Ready ready,
    List<@Valid NewCollection> collections,
    String record,
    @NotNull @Valid Points points,
    @Valid Acknowledged acknowledged,
    @NotNull Promise promise,
    List<@Valid Sum> sums,
    String vectors,
    @PositiveDuration Duration settledAfter) {

  private static final String WORDS = "is empty; expected some words";
  private static final Duration SETTLED_AFTER = Duration.ofSeconds(30);

  /** Returns whether this program starts and stops it. */
  boolean isStarted() {
    return !start.isEmpty();
  }

  /** Returns whether it can be killed. */
  public boolean canBeKilled() {
    return isStarted() || !kill.isEmpty();
  }

  Duration settles() {
    return settledAfter == null ? SETTLED_AFTER : settledAfter;
  }

  /**
   * How a system shows that it is ready.
   *
   * @param text that its output contains then; null for none
   * @param url that answers with a status below 400 then; null for none
   * @param within the longest time for it
   */
  public record Ready(String text, String url, @PositiveDuration Duration within) {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    Duration longest() {
      return within == null ? WITHIN : within;
    }
  }

  /**
   * A collection that the system does not make itself.
   *
   * @param dimension of the vectors; null for points without vectors
   * @param keywords payload fields with an index
   */
  public record NewCollection(
      @NotBlank(message = WORDS) String name,
      @Range(min = 1, max = 65_536, message = "must be from {min} to {max}") Integer dimension,
      List<String> keywords) {}

  /**
   * The points of events.
   *
   * @param eventId the payload field with the event's id; null where only the point's id tells it
   * @param idIsEventId whether a point's id is its event's id; null for false
   * @param fields of the payload by the fields of the event that they hold: {@code product.id}
   */
  public record Points(
      @NotBlank(message = WORDS) String collection,
      String eventId,
      Boolean idIsEventId,
      Map<String, String> fields) {

    boolean haveIdsOfEvents() {
      return Boolean.TRUE.equals(idIsEventId);
    }
  }

  /**
   * How a system shows that it is done with an event.
   *
   * @param consumerGroup whose committed offsets say it; null for none
   * @param sparkCheckpoint the folder of a checkpoint whose commits say it; null for none
   */
  public record Acknowledged(String consumerGroup, String sparkCheckpoint) {}

  /**
   * Sums of events, a point for each key.
   *
   * @param key the event's field by which they are summed: {@code product.id}
   * @param foundAt the payload field that holds the key; null: the same name
   * @param counts the payload field with the numbers of events by type; null for none
   * @param revenue the payload field with the sum of what was paid; null for none
   */
  public record Sum(
      @NotBlank(message = WORDS) String collection,
      @NotBlank(message = WORDS) String key,
      String foundAt,
      String counts,
      String revenue) {

    String keyInPoint() {
      return foundAt == null ? key : foundAt;
    }
  }
}
