package io.vectorstream.words;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terms of a piece of text that is no word of a language: of a part number, a SKU, an id, a
 * size. It is a term as a whole, without what separates its parts, and so are its parts: {@code
 * WH-1000XM4} has {@code wh1000xm4}, {@code wh}, {@code 1000xm4}, {@code 1000} and {@code xm}.
 */
final class PartNumber {

  private static final Pattern RUN = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern LETTERS_OR_DIGITS = Pattern.compile("[\\p{L}\\p{M}]+|\\p{N}+");

  /** The characters of the shortest part that is a term; a whole may be shorter. */
  private static final int SHORTEST_PART = 2;

  /** The characters of the shortest whole that names a product rather than a size or a number. */
  private static final int SHORTEST_NAME = 4;

  /** The same for one of digits alone. */
  private static final int SHORTEST_NUMBER = 5;

  /** The characters of the longest term; a longer whole is a blob, and is left out. */
  private static final int LONGEST = 100;

  private PartNumber() {}

  /** Returns whether a piece of text between blanks is read in this way. */
  static boolean is(String piece) {
    return piece.codePoints().anyMatch(Character::isDigit)
        && piece.codePoints().noneMatch(PartNumber::isOfScriptWithoutBlanks);
  }

  private static boolean isOfScriptWithoutBlanks(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  /** Returns the terms, the whole first; none for a piece without letters and digits. */
  static Set<String> terms(String piece) {
    Set<String> terms = new LinkedHashSet<>();
    String normal = normal(piece);
    add(terms, whole(normal), 1);
    for (Matcher run = RUN.matcher(normal); run.find(); ) {
      add(terms, run.group(), SHORTEST_PART);
      for (Matcher part = LETTERS_OR_DIGITS.matcher(run.group()); part.find(); ) {
        add(terms, part.group(), SHORTEST_PART);
      }
    }
    return terms;
  }

  /** Returns the whole if it is long enough to name one product: empty for {@code 4k}. */
  static Optional<String> name(String piece) {
    String whole = whole(normal(piece));
    boolean hasLetter = whole.codePoints().anyMatch(Character::isLetter);
    return is(piece)
            && whole.length() >= (hasLetter ? SHORTEST_NAME : SHORTEST_NUMBER)
            && whole.length() <= LONGEST
        ? Optional.of(whole)
        : Optional.empty();
  }

  private static void add(Set<String> terms, String term, int shortest) {
    if (term.length() >= shortest && term.length() <= LONGEST) {
      terms.add(term);
    }
  }

  private static String whole(String normal) {
    StringBuilder whole = new StringBuilder(normal.length());
    for (Matcher run = RUN.matcher(normal); run.find(); ) {
      whole.append(run.group());
    }
    return whole.toString();
  }

  private static String normal(String piece) {
    return Normalizer.normalize(piece, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }
}
