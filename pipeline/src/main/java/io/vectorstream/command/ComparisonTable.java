package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.migration.ModelComparison;
import io.vectorstream.migration.ModelComparison.Result;
import io.vectorstream.migration.ModelComparison.Search;
import io.vectorstream.process.Printable;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ProductHit;
import java.io.PrintWriter;
import java.util.List;

/** The comparison of two models as a table for people. */
final class ComparisonTable {

  static final int SAMPLE = 200;
  static final int SEARCHES = 5;
  static final long SEED = 1;

  private static final int SHOWN = 5;
  private static final int WIDTH = 36;

  private ComparisonTable() {}

  static Result compare(Settings settings, ModelState state) {
    return new ModelComparison(settings, state).compare(SAMPLE, List.of(), SEARCHES, SEED);
  }

  static void print(Result result, PrintWriter out) {
    out.printf(
        "Of the %d nearest of %,d products, both models have %.0f%% (overlap@%d %.3f).%n",
        ModelComparison.NEAREST,
        result.sampled(),
        100 * result.overlap(),
        ModelComparison.NEAREST,
        result.overlap());
    if (!result.withoutSearches().isEmpty()) {
      out.println("No searches are compared: " + Printable.text(result.withoutSearches()));
    }
    for (Search search : result.searches()) {
      out.printf(
          "%nSearch for \"%s\": overlap@%d %.1f%n",
          Printable.text(search.query(), 2 * WIDTH), ModelComparison.NEAREST, search.overlap());
      out.printf("  %-" + WIDTH + "s  %s%n", "in use", "the other");
      for (int i = 0; i < SHOWN; i++) {
        String one = shown(search.inUse(), i);
        String other = shown(search.other(), i);
        if (!one.isEmpty() || !other.isEmpty()) {
          out.printf("  %-" + WIDTH + "s  %s%n", one, other);
        }
      }
    }
    out.flush();
  }

  private static String shown(List<ProductHit> hits, int place) {
    if (place >= hits.size()) {
      return "";
    }
    ProductHit hit = hits.get(place);
    return "%.3f %s".formatted(hit.score(), Printable.text(hit.name(), WIDTH - 6));
  }
}
