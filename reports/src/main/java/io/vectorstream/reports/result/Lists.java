package io.vectorstream.reports.result;

import java.util.List;

/** The replacement of lists that a file leaves out by empty lists. */
final class Lists {
  private Lists() {}

  static <T> List<T> of(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
