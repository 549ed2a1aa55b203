package io.vectorstream.command;

import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterSurvey.Count;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.Reason;
import io.vectorstream.event.StoredDeadLetter;
import io.vectorstream.process.Printable;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The output of dead letters for users. */
final class DeadLetterTable {
  private static final String ROW = "%-20s  %-18s  %12s  %-20s  %-40s  %s%n";
  private static final int REASON_WIDTH = 18;
  private static final int DETAIL_WIDTH = 40;
  private static final int VALUE_WIDTH = 60;

  private DeadLetterTable() {}

  /**
   * @param shown returns the part of a letter that may be shown
   */
  static void print(
      PrintWriter out,
      String topicName,
      DeadLetterTopic topic,
      DeadLetterSurvey survey,
      UnaryOperator<StoredDeadLetter> shown) {
    if (survey.all() == 0) {
      out.printf("No dead letters in %s.%n", topicName);
    } else if (survey.matching().all() == 0) {
      out.printf("None of the %,d dead letters in %s matches.%n", survey.all(), topicName);
    } else {
      Count matching = survey.matching();
      out.printf(
          "%,d of the %,d dead letters in %s match; %,d of them were replayed.%n",
          matching.all(), survey.all(), topicName, matching.replayed());
      printReasons(out, survey.byReason());
      printNewest(out, topic, survey, shown);
    }
    out.flush();
  }

  private static void printReasons(PrintWriter out, Map<String, Count> byReason) {
    byReason.forEach(
        (code, count) ->
            out.printf(
                "%,10d  %-18s  %s%n",
                count.all(), Printable.text(code, REASON_WIDTH), meaning(code)));
  }

  private static String meaning(String code) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.code().equals(code))
        .map(Reason::meaning)
        .findFirst()
        .orElse("");
  }

  private static void printNewest(
      PrintWriter out,
      DeadLetterTopic topic,
      DeadLetterSurvey survey,
      UnaryOperator<StoredDeadLetter> shown) {
    if (survey.newest().isEmpty()) {
      return;
    }
    if (survey.newest().size() < survey.matching().all()) {
      out.printf("The newest %,d, the newest first:%n", survey.newest().size());
    } else {
      out.println("The newest first:");
    }
    out.printf(ROW, "failed_at", "reason", "record", "replayed", "detail", "value");
    topic.read(survey.newest(), letter -> printRow(out, shown.apply(letter), topic));
  }

  private static void printRow(PrintWriter out, StoredDeadLetter letter, DeadLetterTopic topic) {
    out.printf(
        ROW,
        seconds(letter.failedAt()),
        Printable.text(letter.reason(), REASON_WIDTH),
        "%s@%s".formatted(orUnknown(letter.partition()), orUnknown(letter.offset())),
        topic.replayedAt(letter.id()).map(DeadLetterTable::seconds).orElse("no"),
        Printable.text(letter.detail() == null ? "" : letter.detail(), DETAIL_WIDTH),
        letter.value() == null ? "(none)" : Printable.bytes(letter.value(), VALUE_WIDTH));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String orUnknown(Number number) {
    return number == null ? "?" : number.toString();
  }
}
