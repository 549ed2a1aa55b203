package io.vectorstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vectorstream.catalog.LoadCounts;
import io.vectorstream.process.Printable;
import io.vectorstream.shop.RowProblem;
import io.vectorstream.shop.RowProblems;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The result of a load.
 *
 * @param format what the file was taken to be
 * @param complete whether it came to the file's end
 * @param hidden products that were left out because the shop shows them to nobody
 * @param problems the rows that were not loaded
 */
record LoadSummary(
    String file,
    String format,
    boolean complete,
    LoadCounts counts,
    long hidden,
    double seconds,
    RowProblems problems) {

  private static final int LONGEST_LINE = 200;

  /** The summary as one object, for other programs. */
  private record SummaryJson(
      String file,
      String format,
      boolean complete,
      long read,
      long embedded,
      long inserted,
      long updated,
      long skipped,
      long failed,
      long hidden,
      double seconds,
      double textsPerSecond,
      List<RowProblem> problems) {}

  double textsPerSecond() {
    return seconds > 0 ? counts.embedded() / seconds : 0;
  }

  void printJson(PrintWriter out) {
    SummaryJson json =
        new SummaryJson(
            file,
            format,
            complete,
            counts.read(),
            counts.embedded(),
            counts.inserted(),
            counts.updated(),
            counts.skipped(),
            counts.failed(),
            hidden,
            rounded(seconds),
            rounded(textsPerSecond()),
            problems.first());
    try {
      out.println(
          JsonMapper.builder()
              .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  void print(PrintWriter out) {
    out.printf("%s: %s%n", file, format);
    out.printf(
        "%s%,d products read: %,d new, %,d updated, %,d as they were; %,d texts embedded in %,.1f"
            + " s, %,.0f texts/s%n",
        complete ? "" : "Stopped; the same command goes on from here. ",
        counts.read(),
        counts.inserted(),
        counts.updated(),
        counts.skipped(),
        counts.embedded(),
        seconds,
        textsPerSecond());
    if (hidden > 0) {
      out.printf("%,d products were left out: drafts, or hidden by the shop%n", hidden);
    }
  }

  /** Prints the rows that were not loaded, as far as they are kept. */
  void printProblems(PrintWriter err) {
    problems.lines(file, reason -> Printable.text(reason, LONGEST_LINE)).forEach(err::println);
  }
}
