package io.vectorstream.shop;

import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.Set;

/**
 * The rows of a file with JSON objects over any number of lines: in an array, or one behind the
 * other. An object that is damaged ends where the next one begins: one that can be read, and that
 * either has all fields that every product before it has, or begins its line as the product before
 * did. So an object within a damaged product is not taken for a product.
 */
final class JsonObjects implements CatalogRows {
  /** The longest object. */
  private static final int LONGEST = 1 << 20;

  private static final int READ_AT_ONCE = 1 << 13;

  /** How many characters are tried as objects behind a damaged one in one go. */
  private static final int MOST_TRIED = 64 * LONGEST;

  private final Reader text;
  private final StringBuilder window = new StringBuilder();
  private final char[] buffer = new char[READ_AT_ONCE];
  private boolean isAllRead;

  /** The place of the next character that is not consumed. */
  private int at;

  private long lineAt = 1;
  private long line;

  /** Whether what was read last is damaged, so that a bracket may be a rest of it. */
  private boolean isDamaged;

  /** How far the last search for a product has come. */
  private int searchedTo;

  /** The fields that every product so far has; null before the first. */
  private Set<String> common;

  /** How far the last product is indented; -1 where it does not begin its line. */
  private int indentation = -1;

  /**
   * @param skipped characters before the first object
   */
  JsonObjects(Reader text, long skipped) throws IOException {
    this.text = text;
    for (long left = skipped; left > 0; left--) {
      if (text.read() == '\n') {
        lineAt++;
      }
    }
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public RowFields next() throws IOException, WrongRowException {
    int begin = skipBetween();
    line = lineAt;
    if (begin < 0) {
      return null;
    }
    isDamaged = true;
    if (window.charAt(begin) != '{') {
      consume(nextProduct(begin, LONGEST));
      throw new WrongRowException("is not a JSON object; expected one for each product", false);
    }
    int end = end(begin);
    if (end == 0) {
      consume(nextProduct(begin, LONGEST));
      throw new WrongRowException(
          "is not JSON: an object that does not end, or a text that goes past the end of a line",
          false);
    }
    try {
      JsonRow product = JsonRow.of(window.substring(begin, end));
      indentation = indentation(begin);
      common = common == null ? new HashSet<>(product.names()) : common;
      common.retainAll(product.names());
      isDamaged = false;
      consume(end);
      return product;
    } catch (WrongRowException e) {
      consume(nextProduct(begin, isBetween(end) ? end - begin : LONGEST));
      throw e;
    }
  }

  /** Returns whether a value can end here. */
  private boolean isBetween(int place) throws IOException {
    int c = charAt(afterSpace(place));
    return c < 0 || ",]{}".indexOf(c) >= 0;
  }

  /** Returns where the next value begins; -1 at the end. */
  private int skipBetween() throws IOException {
    while (true) {
      int c = charAt(at);
      if (c < 0) {
        return -1;
      }
      if (c == ']' && !(isDamaged && findProduct(at, LONGEST) >= 0)) {
        return -1;
      }
      if (c != ',' && c != '[' && c != ']' && c != '}' && !Character.isWhitespace(c)) {
        return at;
      }
      consume(at + 1);
    }
  }

  private int afterSpace(int from) throws IOException {
    int place = from;
    while (charAt(place) >= 0 && Character.isWhitespace(charAt(place))) {
      place++;
    }
    return place;
  }

  /** Returns the place behind the bracket that closes the object; 0 if none does. */
  private int end(int begin) throws IOException {
    int depth = 0;
    boolean isText = false;
    for (int place = begin; place - begin < LONGEST; place++) {
      int c = charAt(place);
      if (c < 0 || isText && c == '\n') {
        return 0;
      }
      if (isText) {
        if (c == '\\') {
          place++;
        } else if (c == '"') {
          isText = false;
        }
      } else if (c == '"') {
        isText = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return place + 1;
      }
    }
    return 0;
  }

  /** Returns where the next product begins; past the text that is looked through if none does. */
  private int nextProduct(int begin, int most) throws IOException {
    int found = findProduct(begin, most);
    return found < 0 ? searchedTo : found;
  }

  /**
   * Returns where the next product begins; -1 if none does.
   *
   * @param begin the beginning of a damaged product, or what is no product
   * @param most the number of characters that are looked through
   */
  private int findProduct(int begin, int most) throws IOException {
    int tried = 0;
    searchedTo = begin + 1;
    for (; searchedTo - begin < most && tried < MOST_TRIED; searchedTo++) {
      int c = charAt(searchedTo);
      if (c < 0) {
        return -1;
      }
      if (c == '{') {
        int end = end(searchedTo);
        if (end > 0 && isLikeBefore(searchedTo, end)) {
          return searchedTo;
        }
        tried += end > 0 ? end - searchedTo : LONGEST;
      }
    }
    return -1;
  }

  private boolean isLikeBefore(int begin, int end) {
    Set<String> names;
    try {
      names = JsonRow.of(window.substring(begin, end)).names();
    } catch (WrongRowException e) {
      return false;
    }
    boolean seemsProduct =
        names.containsAll(Set.of("id", "price"))
            && (names.contains("name") || names.contains("title"));
    return common == null
        ? seemsProduct
        : names.containsAll(common)
            || seemsProduct && indentation >= 0 && indentation(begin) == indentation;
  }

  private int indentation(int begin) {
    int place = begin - 1;
    while (place >= 0 && window.charAt(place) != '\n') {
      if (!Character.isWhitespace(window.charAt(place)) && window.charAt(place) != ',') {
        return -1;
      }
      place--;
    }
    return begin - 1 - place;
  }

  private void consume(int to) throws IOException {
    for (; at < to && charAt(at) >= 0; at++) {
      if (window.charAt(at) == '\n') {
        lineAt++;
      }
    }
    if (at > LONGEST) {
      window.delete(0, at);
      at = 0;
    }
  }

  /** Returns a character of the window, which is read on as far as needed; -1 past the end. */
  private int charAt(int place) throws IOException {
    while (place >= window.length() && !isAllRead) {
      int read = text.read(buffer);
      isAllRead = read < 0;
      window.append(buffer, 0, Math.max(0, read));
    }
    return place < window.length() ? window.charAt(place) : -1;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
