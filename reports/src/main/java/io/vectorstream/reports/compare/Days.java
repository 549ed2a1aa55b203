package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.ResultFile;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The days, in UTC, on which results were measured that are compared.
 *
 * @param before in their order; empty where no file says when
 * @param now likewise
 */
public record Days(List<LocalDate> before, List<LocalDate> now) {

  static Days of(Collection<ResultFile> before, Collection<ResultFile> now) {
    return new Days(days(before), days(now));
  }

  private static List<LocalDate> days(Collection<ResultFile> files) {
    return List.copyOf(
        files.stream()
            .map(file -> file.result().measuredAt())
            .flatMap(Optional::stream)
            .map(time -> time.atZone(ZoneOffset.UTC).toLocalDate())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Returns whether all of the one was measured on other days than the other. */
  public boolean differ() {
    return !before.isEmpty() && !now.isEmpty() && Collections.disjoint(before, now);
  }

  /** Returns a warning if they differ. */
  public Optional<String> warning() {
    return differ()
        ? Optional.of(
            ("Other days: before on %s, now on %s. The same code differs by 8 to 17 %% from day to"
                    + " day, so a change of that size says little.")
                .formatted(words(before), words(now)))
        : Optional.empty();
  }

  private static String words(List<LocalDate> days) {
    return days.stream().map(LocalDate::toString).collect(Collectors.joining(", "));
  }
}
