package io.vectorstream.shop;

/**
 * The state of a row of CSV while its lines come: how many cells it has, and whether a quote is
 * open. {@code Exact} reads by RFC 4180. {@code Forgiving} reads as whoever wrote an inch mark into
 * a quoted cell meant it: a quote closes the cell only where a delimiter or the line's end follows.
 */
final class CsvQuotes {
  enum Reading {
    EXACT,
    FORGIVING
  }

  private static final char QUOTE = '"';

  private final char delimiter;
  private final Reading reading;

  private int cells = 1;
  private boolean isOpen;
  private boolean isBroken;
  private boolean endsInBareQuote;

  CsvQuotes(char delimiter, Reading reading) {
    this.delimiter = delimiter;
    this.reading = reading;
  }

  /** Takes the next line of the row in. */
  void add(String line) {
    int at = isOpen ? quoted(line, 0) : cell(line, 0);
    while (at < line.length()) {
      cells++;
      at = cell(line, at + 1);
    }
  }

  int cells() {
    return cells;
  }

  /** Returns whether the last cell goes on in the next line. */
  boolean isOpen() {
    return isOpen;
  }

  /** Returns whether text follows a closing quote. */
  boolean isBroken() {
    return isBroken;
  }

  /** Returns whether a cell that does not begin with a quote ends with one. */
  boolean endsInBareQuote() {
    return endsInBareQuote;
  }

  /** Returns where the cell ends: the index of a delimiter, or the line's length. */
  private int cell(String line, int from) {
    if (from < line.length() && line.charAt(from) == QUOTE) {
      return quoted(line, from + 1);
    }
    int end = endOfPlain(line, from);
    endsInBareQuote |= end > from && line.charAt(end - 1) == QUOTE;
    return end;
  }

  private int endOfPlain(String line, int from) {
    int end = line.indexOf(delimiter, from);
    return end < 0 ? line.length() : end;
  }

  private int quoted(String line, int from) {
    isOpen = true;
    int at = line.indexOf(QUOTE, from);
    while (at >= 0) {
      int behind = at;
      while (behind < line.length() && line.charAt(behind) == QUOTE) {
        behind++;
      }
      boolean isOdd = (behind - at) % 2 == 1;
      int end = afterSpaces(line, behind);
      boolean isAtEnd = end == line.length() || line.charAt(end) == delimiter;
      if (isAtEnd && (isOdd || reading == Reading.FORGIVING)) {
        isOpen = false;
        return end;
      }
      if (isOdd && reading == Reading.EXACT) {
        isOpen = false;
        isBroken = true;
        return endOfPlain(line, behind);
      }
      at = line.indexOf(QUOTE, behind);
    }
    return line.length();
  }

  /** Spaces behind a closing quote are no text. */
  private int afterSpaces(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) == ' ' && delimiter != ' ') {
      at++;
    }
    return at;
  }
}
