package io.vectorstream.shop;

/** The failure of a row that is no product; the message says why. */
final class WrongRowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean last;

  /**
   * @param last whether no row can be read after it
   */
  WrongRowException(String message, boolean last) {
    super(message);
    this.last = last;
  }

  boolean isLast() {
    return last;
  }
}
