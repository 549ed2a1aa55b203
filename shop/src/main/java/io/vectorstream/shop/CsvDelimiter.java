package io.vectorstream.shop;

import com.google.common.base.Splitter;
import java.util.Comparator;
import java.util.List;

/** The delimiter of a file of CSV, as its header shows it. */
final class CsvDelimiter {
  private static final List<Character> KNOWN = List.of(',', ';', '\t', '|');

  private CsvDelimiter() {}

  /** Returns what gives the most columns with a meaning, and of these the most columns at all. */
  static char of(String header) {
    return KNOWN.stream()
        .max(
            Comparator.comparingLong((Character delimiter) -> meaningful(header, delimiter))
                .thenComparingInt(delimiter -> names(header, delimiter).size())
                // The first of the list where there is one column alone.
                .thenComparingInt(delimiter -> -KNOWN.indexOf(delimiter)))
        .orElseThrow();
  }

  private static long meaningful(String header, char delimiter) {
    return names(header, delimiter).stream()
        .map(ColumnNames::normal)
        .filter(ColumnNames::isMeaningful)
        .distinct()
        .count();
  }

  private static List<String> names(String header, char delimiter) {
    return Splitter.on(delimiter).splitToList(header);
  }

  /** Returns its name for people. */
  static String name(char delimiter) {
    return switch (delimiter) {
      case ',' -> "comma";
      case ';' -> "semicolon";
      case '\t' -> "tab";
      case '|' -> "pipe";
      default -> "'" + delimiter + "'";
    };
  }
}
