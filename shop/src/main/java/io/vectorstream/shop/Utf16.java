package io.vectorstream.shop;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The recognition of UTF-16 by the first bytes of a text. */
public final class Utf16 {

  private Utf16() {}

  /**
   * Returns UTF-16 with the order of bytes that a byte order mark, or else two Latin letters with a
   * zero byte each, show; null for another encoding.
   *
   * @param start the first bytes, 4 of them if there are as many
   */
  public static Charset of(byte[] start) {
    Charset marked = marked(start);
    return marked == null ? unmarked(start) : marked;
  }

  /** Returns the encoding that a byte order mark shows; null without one of UTF-16. */
  static Charset marked(byte[] start) {
    if (start.length >= 2 && start[0] == (byte) 0xff && start[1] == (byte) 0xfe) {
      return StandardCharsets.UTF_16LE;
    }
    return start.length >= 2 && start[0] == (byte) 0xfe && start[1] == (byte) 0xff
        ? StandardCharsets.UTF_16BE
        : null;
  }

  /** Returns the encoding of two Latin letters with a zero byte each; null for none. */
  static Charset unmarked(byte[] start) {
    if (start.length < 4) {
      return null;
    }
    boolean zeroFirst = start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0;
    boolean zeroSecond = start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0;
    if (zeroFirst) {
      return StandardCharsets.UTF_16BE;
    }
    return zeroSecond ? StandardCharsets.UTF_16LE : null;
  }
}
