package io.vectorstream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;

/** A writer of a point's payload in protobuf's wire format, field by field, without null values. */
final class PayloadWriter {

  private static final int PAYLOAD = WireBuffer.tag(PointStruct.PAYLOAD_FIELD_NUMBER);
  private static final int FIELDS = WireBuffer.tag(Struct.FIELDS_FIELD_NUMBER);
  private static final int TEXT = WireBuffer.tag(Value.STRING_VALUE_FIELD_NUMBER);
  private static final int STRUCT = WireBuffer.tag(Value.STRUCT_VALUE_FIELD_NUMBER);

  private final WireBuffer out;

  /** The tag of the map that fields belong to: the payload, or an object in it. */
  private int map = PAYLOAD;

  PayloadWriter(WireBuffer out) {
    this.out = out;
  }

  void text(byte[] field, String text) {
    if (text != null) {
      text(field, text.getBytes(UTF_8));
    }
  }

  /**
   * @param text in UTF-8
   */
  void text(byte[] field, byte[] text) {
    int entry = entry(field);
    int value = out.begin(EncodedUpsert.MAP_VALUE);
    out.bytes(TEXT, text);
    out.end(value);
    out.end(entry);
  }

  void integer(byte[] field, Long integer) {
    if (integer != null) {
      integer(field, integer.longValue());
    }
  }

  void integer(byte[] field, long integer) {
    int entry = entry(field);
    int value = out.begin(EncodedUpsert.MAP_VALUE);
    out.integer(Value.INTEGER_VALUE_FIELD_NUMBER, integer);
    out.end(value);
    out.end(entry);
  }

  void number(byte[] field, Double number) {
    if (number != null) {
      number(field, number.doubleValue());
    }
  }

  void number(byte[] field, double number) {
    int entry = entry(field);
    int value = out.begin(EncodedUpsert.MAP_VALUE);
    out.number(Value.DOUBLE_VALUE_FIELD_NUMBER, number);
    out.end(value);
    out.end(entry);
  }

  /** Writes an object, which consists of the fields that the action writes. */
  void object(byte[] field, Runnable fields) {
    int entry = entry(field);
    int value = out.begin(EncodedUpsert.MAP_VALUE);
    int struct = out.begin(STRUCT);
    int outer = map;
    map = FIELDS;
    fields.run();
    map = outer;
    out.end(struct);
    out.end(value);
    out.end(entry);
  }

  private int entry(byte[] field) {
    int entry = out.begin(map);
    out.bytes(EncodedUpsert.MAP_KEY, field);
    return entry;
  }
}
