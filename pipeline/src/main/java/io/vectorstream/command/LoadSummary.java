package io.vectorstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vectorstream.catalog.LoadCounts;
import io.vectorstream.process.Printable;
import io.vectorstream.shop.RowProblem;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The result of a load.
 *
 * @param complete whether it came to the file's end
 * @param problems the first rows that were not loaded
 */
record LoadSummary(
    String file, boolean complete, LoadCounts counts, double seconds, List<RowProblem> problems) {

  private static final int LONGEST_LINE = 200;

  /** The summary as one object, for other programs. */
  private record SummaryJson(
      String file,
      boolean complete,
      long read,
      long embedded,
      long inserted,
      long updated,
      long skipped,
      long failed,
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
            complete,
            counts.read(),
            counts.embedded(),
            counts.inserted(),
            counts.updated(),
            counts.skipped(),
            counts.failed(),
            rounded(seconds),
            rounded(textsPerSecond()),
            problems);
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
  }

  /** Prints the rows that were not loaded, as far as they are kept. */
  void printProblems(PrintWriter err) {
    for (RowProblem problem : problems) {
      err.printf(
          "%s, line %d: %s%n",
          file, problem.line(), Printable.text(problem.reason(), LONGEST_LINE));
    }
    long more = counts.failed() - problems.size();
    if (more > 0) {
      err.printf("and %,d more%n", more);
    }
    if (counts.failed() > 0) {
      err.printf("%,d rows were not loaded%n", counts.failed());
    }
  }
}
