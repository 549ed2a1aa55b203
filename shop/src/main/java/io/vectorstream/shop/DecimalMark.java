package io.vectorstream.shop;

/** The mark between a price's whole units and its decimals; the other one separates thousands. */
public enum DecimalMark {
  POINT('.'),
  COMMA(',');

  private final char mark;

  DecimalMark(char mark) {
    this.mark = mark;
  }

  static DecimalMark of(char mark) {
    return mark == POINT.mark ? POINT : COMMA;
  }

  char mark() {
    return mark;
  }
}
