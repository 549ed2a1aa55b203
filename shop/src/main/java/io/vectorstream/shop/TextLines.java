package io.vectorstream.shop;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a text, in memory from the first that is not consumed to the last that was looked
 * at.
 */
final class TextLines {
  /** The longest line that is kept; what follows up to its end is left out. */
  static final int LONGEST = 1 << 20;

  private final Reader text;
  private final List<String> ahead = new ArrayList<>();
  private long consumed;
  private boolean isAfterReturn;
  private boolean isEnd;

  /**
   * @param text buffered
   */
  TextLines(Reader text) {
    this.text = text;
  }

  /** Returns the number of the first line that is not consumed, from 1. */
  long number() {
    return consumed + 1;
  }

  /** Returns a line without its end, 0 for the first that is not consumed; null past the end. */
  String get(int index) throws IOException {
    while (ahead.size() <= index && !isEnd) {
      String line = read();
      if (line == null) {
        isEnd = true;
      } else {
        ahead.add(line);
      }
    }
    return index < ahead.size() ? ahead.get(index) : null;
  }

  void consume(int lines) {
    ahead.subList(0, lines).clear();
    consumed += lines;
  }

  static boolean isTooLong(String line) {
    return line.length() > LONGEST;
  }

  private String read() throws IOException {
    StringBuilder line = new StringBuilder();
    boolean isEmpty = true;
    for (int c = text.read(); c >= 0; c = text.read()) {
      boolean isSecondOfTwo = c == '\n' && isAfterReturn;
      isAfterReturn = c == '\r';
      if (isSecondOfTwo) {
        continue;
      }
      isEmpty = false;
      if (c == '\n' || c == '\r') {
        return line.toString();
      }
      if (line.length() <= LONGEST) {
        line.append((char) c);
      }
    }
    return isEmpty ? null : line.toString();
  }
}
