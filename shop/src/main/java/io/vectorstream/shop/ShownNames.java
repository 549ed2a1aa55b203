package io.vectorstream.shop;

import com.google.common.base.CharMatcher;
import java.util.Collection;
import java.util.stream.Collectors;

/** The names in a file, such as those of its columns, in what is said of it. */
final class ShownNames {
  private static final int MOST = 20;
  private static final int LONGEST = 40;

  private ShownNames() {}

  /** Returns the first names on one line, each cut off where it is long: {@code 'sku', 'name'}. */
  static String of(Collection<String> names) {
    String first =
        names.stream()
            .limit(MOST)
            .map(name -> "'" + shown(name) + "'")
            .collect(Collectors.joining(", "));
    return names.size() > MOST ? first + " and %,d more".formatted(names.size() - MOST) : first;
  }

  private static String shown(String name) {
    String line = CharMatcher.whitespace().trimAndCollapseFrom(name, ' ');
    String printable = CharMatcher.javaIsoControl().replaceFrom(line, '?');
    return printable.length() > LONGEST ? printable.substring(0, LONGEST) + "…" : printable;
  }
}
