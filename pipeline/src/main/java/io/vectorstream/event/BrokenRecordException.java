package io.vectorstream.event;

/** The failure of a record that breaks a rule of C1; the message is a sentence with the field. */
public final class BrokenRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The longest part of a record that a message quotes, in characters. */
  private static final int LONGEST_QUOTE = 80;

  private final Reason reason;

  public BrokenRecordException(Reason reason, String message) {
    // Thrown for every broken record; the caller reads only the message, so no stack trace is kept.
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Returns a part of a record as a message quotes it: on one line, and cut off if it is long. */
  public static String quote(String text) {
    return quote(text, LONGEST_QUOTE);
  }

  /**
   * @param longest characters to show at most
   */
  static String quote(String text, int longest) {
    String shown =
        text.codePointCount(0, text.length()) <= longest
            ? text
            : text.substring(0, text.offsetByCodePoints(0, longest)) + "…";
    return shown.replaceAll("\\p{C}|\\p{Zl}|\\p{Zp}", "\ufffd");
  }
}
