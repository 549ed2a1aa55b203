package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.Map;

/**
 * A point as it is kept, its vectors aside.
 *
 * @param value the number of the last operation that changed it, eight bytes, then its payload
 */
record StoredPoint(PointKey key, byte[] value) {

  static final int PAYLOAD_AT = Long.BYTES;

  static byte[] encode(long operation, byte[] payload) {
    byte[] value = new byte[PAYLOAD_AT + payload.length];
    Bytes.putLong(value, 0, operation);
    System.arraycopy(payload, 0, value, PAYLOAD_AT, payload.length);
    return value;
  }

  long version() {
    return Bytes.getLong(value, 0);
  }

  StoredPayload fields() {
    return new StoredPayload(value, PAYLOAD_AT);
  }

  byte[] payload() {
    return java.util.Arrays.copyOfRange(value, PAYLOAD_AT, value.length);
  }

  Map<String, Value> decoded() {
    return fields().decode();
  }
}
