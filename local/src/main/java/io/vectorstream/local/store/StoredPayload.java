package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A payload as it is kept: the bytes of a protobuf {@code Struct}. Reading one field decodes that
 * field only.
 */
final class StoredPayload {

  static final byte[] EMPTY = {};
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final long ABSENT = -1;

  private final byte[] bytes;
  private final int from;

  StoredPayload(byte[] bytes, int from) {
    this.bytes = bytes;
    this.from = from;
  }

  static byte[] encode(Map<String, Value> payload) {
    return payload.isEmpty()
        ? EMPTY
        : Struct.newBuilder().putAllFields(payload).build().toByteArray();
  }

  /** Returns the value under this key at the top level, or null when the key is absent. */
  Value get(String key) {
    long range = find(bytes, from, bytes.length, key.getBytes(StandardCharsets.UTF_8));
    return range == ABSENT ? null : value(start(range), end(range));
  }

  private Value value(int start, int end) {
    try {
      return Value.parseFrom(CodedInputStream.newInstance(bytes, start, end - start));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /**
   * Returns the strings at a path of keys, each given as UTF-8: one, or those of an array. This is
   * what a keyword index takes in; a single string is found without decoding anything.
   */
  List<ByteString> keywords(List<byte[]> path) {
    int start = from;
    int end = bytes.length;
    for (int depth = 0; depth < path.size(); depth++) {
      if (depth > 0) {
        WireReader value = new WireReader(bytes, start, end);
        if (!value.next() || value.field() != Value.STRUCT_VALUE_FIELD_NUMBER) {
          return List.of();
        }
        end = value.length();
        start = value.position();
      }
      long range = find(bytes, start, end, path.get(depth));
      if (range == ABSENT) {
        return List.of();
      }
      start = start(range);
      end = end(range);
    }
    WireReader value = new WireReader(bytes, start, end);
    if (!value.next()) {
      return List.of();
    }
    return switch (value.field()) {
      case Value.STRING_VALUE_FIELD_NUMBER -> {
        int stop = value.length();
        yield List.of(ByteString.copyFrom(bytes, value.position(), stop - value.position()));
      }
      case Value.LIST_VALUE_FIELD_NUMBER ->
          value(start, end).getListValue().getValuesList().stream()
              .filter(Value::hasStringValue)
              .map(Value::getStringValueBytes)
              .toList();
      default -> List.of();
    };
  }

  /** Finds the value of a key within an encoded Struct: its start and end, or {@link #ABSENT}. */
  private static long find(byte[] bytes, int from, int to, byte[] key) {
    WireReader entries = new WireReader(bytes, from, to);
    long found = ABSENT;
    while (entries.next()) {
      int end = entries.length();
      WireReader entry = new WireReader(bytes, entries.position(), end);
      boolean named = key.length == 0;
      long value = range(end, end);
      while (entry.next()) {
        int partEnd = entry.length();
        if (entry.field() == KEY) {
          named =
              partEnd - entry.position() == key.length
                  && Arrays.equals(bytes, entry.position(), partEnd, key, 0, key.length);
          if (!named) {
            break;
          }
        } else if (entry.field() == VALUE) {
          value = range(entry.position(), partEnd);
        }
        entry.moveTo(partEnd);
      }
      if (named) {
        found = value; // of a key given twice, the last counts
      }
      entries.moveTo(end);
    }
    return found;
  }

  private static long range(int start, int end) {
    return (long) start << 32 | end;
  }

  private static int start(long range) {
    return (int) (range >>> 32);
  }

  private static int end(long range) {
    return (int) range;
  }

  Map<String, Value> decode() {
    if (bytes.length == from) {
      return Map.of();
    }
    try {
      return Struct.parseFrom(CodedInputStream.newInstance(bytes, from, bytes.length - from))
          .getFieldsMap();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private static IllegalStateException damaged(IOException cause) {
    return new IllegalStateException("a stored payload cannot be decoded", cause);
  }
}
