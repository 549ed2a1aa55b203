package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.qdrant.client.grpc.Common.PointId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A point's id: an unsigned number or a UUID. Its order is Qdrant's: numbers before UUIDs, each by
 * unsigned value. The bytes on disk sort the same way.
 */
record PointKey(boolean uuid, long high, long low) implements Comparable<PointKey> {

  private static final int NUMBER = 0;
  private static final int UUID_KIND = 1;

  static PointKey of(long number) {
    return new PointKey(false, 0, number);
  }

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an id that is absent or no UUID
   */
  static PointKey of(PointId id) {
    return switch (id.getPointIdOptionsCase()) {
      case NUM -> of(id.getNum());
      case UUID -> parse(id.getUuidBytes());
      case POINTIDOPTIONS_NOT_SET -> throw Refusal.invalid("No ID options provided");
    };
  }

  private static PointKey parse(ByteString text) {
    byte[] bytes = text.toByteArray();
    return parse(bytes, 0, bytes.length);
  }

  /** Reads a UUID: with dashes, without, in braces, or as {@code urn:uuid:…}; in any case. */
  static PointKey parse(byte[] text, int from, int to) {
    int start = from;
    int end = to;
    if (end - start == 38 && text[start] == '{' && text[end - 1] == '}') {
      start++;
      end--;
    } else if (end - start == 45
        && new String(text, start, 9, StandardCharsets.US_ASCII).equals("urn:uuid:")) {
      start += 9;
    }
    boolean dashes = end - start == 36;
    if (!dashes && end - start != 32) {
      throw unreadable(text, from, to);
    }
    long high = 0;
    long low = 0;
    int digits = 0;
    for (int i = start; i < end; i++) {
      byte c = text[i];
      int at = i - start;
      if (dashes && (at == 8 || at == 13 || at == 18 || at == 23)) {
        if (c != '-') {
          throw unreadable(text, from, to);
        }
        continue;
      }
      int digit = Character.digit(c, 16);
      if (digit < 0) {
        throw unreadable(text, from, to);
      }
      if (digits++ < 16) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
    }
    return new PointKey(true, high, low);
  }

  private static RuntimeException unreadable(byte[] text, int from, int to) {
    return Refusal.invalid(
        "Unable to parse UUID: " + new String(text, from, to - from, StandardCharsets.UTF_8));
  }

  PointId toPointId() {
    return uuid
        ? PointId.newBuilder().setUuid(new UUID(high, low).toString()).build()
        : PointId.newBuilder().setNum(low).build();
  }

  /** Returns the number of bytes that {@link #write} takes. */
  int size() {
    return uuid ? 17 : 9;
  }

  /** Writes the key and returns the position behind it. */
  int write(byte[] target, int at) {
    int next = at;
    if (uuid) {
      target[next++] = UUID_KIND;
      next = Bytes.putLong(target, next, high);
    } else {
      target[next++] = NUMBER;
    }
    return Bytes.putLong(target, next, low);
  }

  static PointKey read(byte[] source, int at) {
    return source[at] == NUMBER
        ? of(Bytes.getLong(source, at + 1))
        : new PointKey(true, Bytes.getLong(source, at + 1), Bytes.getLong(source, at + 9));
  }

  /** Returns the number of bytes that the key at this position takes. */
  static int sizeAt(byte[] source, int at) {
    return source[at] == NUMBER ? 9 : 17;
  }

  @Override
  public int compareTo(PointKey other) {
    if (uuid != other.uuid) {
      return uuid ? 1 : -1;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int hashCode() {
    long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  @Override
  public String toString() {
    return uuid ? new UUID(high, low).toString() : Long.toUnsignedString(low);
  }
}
