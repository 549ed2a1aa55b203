package io.vectorstream.generator;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/** A buffer of JSON bytes; used again for the next event without a new allocation. */
final class JsonBuffer {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[2048];
  private int length;

  /** The second whose text is in {@link #secondText}: most events share that of the one before. */
  private long second = Long.MIN_VALUE;

  private byte[] secondText;

  void clear() {
    length = 0;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Appends text in ASCII, which must contain nothing to be escaped. */
  void put(String ascii) {
    put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  void put(byte[] part) {
    put(part, 0, part.length);
  }

  /** Appends the bytes from one index on, and before another. */
  void put(byte[] part, int from, int to) {
    reserve(to - from);
    System.arraycopy(part, from, bytes, length, to - from);
    length += to - from;
  }

  void put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  void put(long number) {
    if (number < 0) {
      put('-');
      number = -number;
    }
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    putDigits(number, digits);
  }

  /** Appends the number with this many digits, with leading zeros. */
  void putDigits(long number, int digits) {
    reserve(digits);
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + number % 10);
      number /= 10;
    }
    length += digits;
  }

  /** Appends 16 hexadecimal digits. */
  void putHex(long number) {
    reserve(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(int) (number >>> shift) & 15];
    }
  }

  /** Appends a UUID of version 4 in its usual form, and sets its bits for version and variant. */
  void putUuid(long most, long least) {
    most = most & 0xffff_ffff_ffff_0fffL | 0x4000;
    least = least & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    reserve(36);
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(int) (most >>> shift) & 15];
      if (shift == 32 || shift == 16) {
        bytes[length++] = '-';
      }
    }
    bytes[length++] = '-';
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(int) (least >>> shift) & 15];
      if (shift == 48) {
        bytes[length++] = '-';
      }
    }
  }

  /** Appends an amount of money with two decimals. */
  void putCents(long cents) {
    put(cents / 100);
    put('.');
    putDigits(cents % 100, 2);
  }

  /** Appends {@code 2024-01-15T10:30:00.123456Z}; for the years 0 to 9999. */
  void putTimestamp(long epochSecond, int micros) {
    if (epochSecond != second) {
      LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
      int start = length;
      putDigits(time.getYear(), 4);
      put('-');
      putDigits(time.getMonthValue(), 2);
      put('-');
      putDigits(time.getDayOfMonth(), 2);
      put('T');
      putDigits(time.getHour(), 2);
      put(':');
      putDigits(time.getMinute(), 2);
      put(':');
      putDigits(time.getSecond(), 2);
      put('.');
      secondText = Arrays.copyOfRange(bytes, start, length);
      second = epochSecond;
    } else {
      put(secondText);
    }
    putDigits(micros, 6);
    put('Z');
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
