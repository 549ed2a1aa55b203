package io.vectorstream.event;

import java.nio.ByteBuffer;

/** The first bytes of a record's value, which tell formats that JSON cannot begin like. */
public final class ValueStart {

  /** A zero byte, and the id of a schema. */
  public static final int FRAME_BYTES = 5;

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private ValueStart() {}

  /** Returns whether a value is compressed by gzip (RFC 1952). */
  public static boolean isGzip(byte[] value) {
    return value.length > 1 && (value[0] & 0xff) == GZIP_FIRST && (value[1] & 0xff) == GZIP_SECOND;
  }

  /** Returns whether a value is behind the frame of a schema registry with Confluent's API. */
  public static boolean isFrame(byte[] value) {
    return value.length >= FRAME_BYTES && value[0] == 0 && !isUtf16(value);
  }

  /** Returns whether a value is a JSON object in UTF-16; its id would be above two billion. */
  private static boolean isUtf16(byte[] value) {
    return value[1] == '{' && value[2] == 0;
  }

  /** Returns a sentence that says so of a value, with the schema's id. */
  public static String framed(byte[] value) {
    return "the value is framed for a schema registry, with schema "
        + Integer.toUnsignedString(ByteBuffer.wrap(value).getInt(1));
  }

  /**
   * Returns what a value is that is expected to be JSON, and that only settings let be read; null
   * if it begins like nothing else.
   */
  static String otherThanJson(byte[] value) {
    if (isGzip(value)) {
      return "the value is compressed by gzip; expected JSON, or kafka.format: auto";
    }
    return isFrame(value)
        ? framed(value) + "; expected JSON, or kafka.format: auto and kafka.registry.url"
        : null;
  }
}
