package io.vectorstream.migration;

import io.vectorstream.config.Settings;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The names of the collections that a migration makes: those of the settings with a number, which
 * no later migration uses again.
 */
final class ModelNames {

  private ModelNames() {}

  static String numbered(String base, long number) {
    return base + "-model-" + number;
  }

  /** Returns the first number from this one on of which there is no collection. */
  static long free(long from, Collection<String> existing, Settings.Collections base) {
    return LongStream.iterate(from, number -> number + 1)
        .filter(
            number ->
                !existing.contains(numbered(base.products(), number))
                    && !existing.contains(numbered(base.users(), number)))
        .findFirst()
        .getAsLong();
  }

  /** Returns those of these collections that a migration has made. */
  static List<String> ofOthers(Collection<String> existing, Settings.Collections base) {
    return existing.stream()
        .filter(name -> isNumbered(name, base.products()) || isNumbered(name, base.users()))
        .sorted()
        .toList();
  }

  private static boolean isNumbered(String name, String base) {
    return name.startsWith(base + "-model-")
        && name.substring(base.length()).matches("-model-[0-9]+");
  }
}
