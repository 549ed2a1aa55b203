package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The values in a binary record, of Avro or Protobuf, that may be a user's id. Its schema may be
 * unknown, and the record damaged, so each byte may be where a value begins: a text behind its
 * length, a whole number, or a UUID.
 */
final class BinaryUsers {

  /** The longest text, in bytes. */
  private static final int LONGEST = 1_024;

  private static final int UUID_BYTES = 16;
  private static final int MOST_BYTES_OF_NUMBER = 10;

  private BinaryUsers() {}

  static void find(byte[] record, Consumer<String> users) {
    for (int at = 0; at < record.length; at++) {
      findNumber(users, record, at);
      if (at + UUID_BYTES <= record.length) {
        ByteBuffer bytes = ByteBuffer.wrap(record, at, UUID_BYTES);
        users.accept(new UUID(bytes.getLong(), bytes.getLong()).toString());
      }
    }
  }

  /** Finds the number that begins here, and the text whose length it may be. */
  private static void findNumber(Consumer<String> users, byte[] record, int from) {
    long number = 0;
    int last = Math.min(record.length, from + MOST_BYTES_OF_NUMBER);
    for (int at = from; at < last; at++) {
      number |= (long) (record[at] & 0x7f) << 7 * (at - from);
      if (record[at] >= 0) {
        // Protobuf's numbers and lengths are plain, or zigzag for some types; Avro's are zigzag.
        long zigzag = number >>> 1 ^ -(number & 1);
        users.accept(Long.toString(number));
        users.accept(Long.toString(zigzag));
        findText(users, record, at + 1, number);
        findText(users, record, at + 1, zigzag);
        return;
      }
    }
  }

  private static void findText(Consumer<String> users, byte[] record, int from, long length) {
    if (length > 0 && length <= Math.min(LONGEST, record.length - from)) {
      users.accept(new String(record, from, (int) length, UTF_8));
    }
  }
}
