package io.vectorstream.embedding;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of a product, from which its embedding is made. */
public final class ProductText {
  private ProductText() {}

  /**
   * Joins name, description and category with {@code ". "}. Parts that are null or blank are left
   * out; any run of white space becomes one space, so that the layout of a description does not
   * count as a change of the product.
   */
  public static String of(String name, String description, String category) {
    return Stream.of(name, description, category)
        .filter(Objects::nonNull)
        .map(ProductText::normaliseSpace)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(". "));
  }

  /** Returns 32 hexadecimal digits, the first 128 bits of SHA-256: equal for equal texts. */
  public static String hash(String text) {
    return TextKey.of(text).hex();
  }

  private static String normaliseSpace(String part) {
    StringBuilder normal = new StringBuilder(part.length());
    boolean pendingSpace = false;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        pendingSpace = normal.length() > 0;
      } else {
        if (pendingSpace) {
          normal.append(' ');
          pendingSpace = false;
        }
        normal.append(c);
      }
    }
    return normal.toString();
  }
}
