package io.vectorstream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.WireFormat;
import java.util.Arrays;

/**
 * A writer of protobuf's wire format. The generated classes write a map by making an object for
 * each entry, twice, and events are all maps: that took a fifth of a batch's time.
 */
final class WireBuffer {

  private static final int MOST_LENGTH_BYTES = 5;

  private byte[] bytes;
  private int size;

  WireBuffer(int capacity) {
    this.bytes = new byte[capacity];
  }

  /** Returns the tag of a field whose value has a length: a string, bytes or a message. */
  static int tag(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /**
   * Begins a message.
   *
   * @return the argument of {@link #end}
   */
  int begin(int tag) {
    varint(tag);
    ensure(1);
    return size++;
  }

  /** Ends the message: writes its length, for which one byte was reserved. */
  void end(int begin) {
    int start = begin + 1;
    int length = size - start;
    int more = lengthBytes(length) - 1;
    if (more > 0) {
      ensure(more);
      System.arraycopy(bytes, start, bytes, start + more, length);
    }
    size = begin;
    varint(length);
    size += length;
  }

  private static int lengthBytes(int length) {
    return (38 - Integer.numberOfLeadingZeros(length | 1)) / 7;
  }

  void string(int tag, String value) {
    bytes(tag, value.getBytes(UTF_8));
  }

  void bytes(int tag, byte[] value) {
    varint(tag);
    varint(value.length);
    message(value);
  }

  /** Adds the fields of a message that is encoded already. */
  void message(byte[] fields) {
    ensure(fields.length);
    System.arraycopy(fields, 0, bytes, size, fields.length);
    size += fields.length;
  }

  void integer(int field, long value) {
    varint(field << 3 | WireFormat.WIRETYPE_VARINT);
    varint(value);
  }

  void number(int field, double value) {
    varint(field << 3 | WireFormat.WIRETYPE_FIXED64);
    ensure(Double.BYTES);
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < Double.BYTES; i++) {
      bytes[size++] = (byte) (bits >>> 8 * i);
    }
  }

  private void varint(long value) {
    ensure(MOST_LENGTH_BYTES * 2);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }
}
