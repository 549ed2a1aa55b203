package io.vectorstream.reports.result;

import java.util.List;

/** What a file leaves out is an empty list. */
final class Lists {
  private Lists() {}

  static <T> List<T> of(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
