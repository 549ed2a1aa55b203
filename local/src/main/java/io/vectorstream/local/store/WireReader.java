package io.vectorstream.local.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A reader of a protobuf message that builds no objects for it. Tens of thousands of points arrive
 * in a second, and a payload is only kept: it is stored in the bytes in which it arrived.
 */
final class WireReader {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  final byte[] bytes;
  private final int end;
  private int at;
  private int tag;

  WireReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (at >= end) {
      return false;
    }
    tag = (int) varint();
    return true;
  }

  int field() {
    return tag >>> 3;
  }

  int type() {
    return tag & 7;
  }

  int position() {
    return at;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        break;
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw Refusal.invalid("the message is cut off or is no protobuf");
  }

  /** Steps over a length-delimited field and returns where it ends; it starts at the position. */
  int length() {
    if (type() != LENGTH) {
      throw Refusal.invalid("field " + field() + " has the wrong wire type " + type());
    }
    long length = varint();
    if (length < 0 || length > end - at) {
      throw Refusal.invalid("the message is cut off or is no protobuf");
    }
    return at + (int) length;
  }

  void moveTo(int position) {
    at = position;
  }

  String string() {
    int stop = length();
    String text = new String(bytes, at, stop - at, StandardCharsets.UTF_8);
    at = stop;
    return text;
  }

  byte[] copy() {
    int stop = length();
    byte[] part = Arrays.copyOfRange(bytes, at, stop);
    at = stop;
    return part;
  }

  void skip() {
    switch (type()) {
      case VARINT -> varint();
      case FIXED64 -> at += 8;
      case LENGTH -> at = length();
      case FIXED32 -> at += 4;
      default -> throw Refusal.invalid("the message has an unknown wire type " + type());
    }
    if (at > end) {
      throw Refusal.invalid("the message is cut off or is no protobuf");
    }
  }
}
