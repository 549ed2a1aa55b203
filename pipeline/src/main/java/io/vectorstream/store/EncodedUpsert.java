package io.vectorstream.store;

import io.grpc.MethodDescriptor;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.PointsGrpc;
import java.util.Map;

/**
 * The encoding of upserts whose requests are already in protobuf's wire format, as {@link
 * WireBuffer} writes it.
 */
final class EncodedUpsert {

  /** Qdrant's upsert. */
  static final MethodDescriptor<byte[], PointsOperationResponse> METHOD =
      PointsGrpc.getUpsertMethod().toBuilder(
              new EncodedMessage(), PointsGrpc.getUpsertMethod().getResponseMarshaller())
          .build();

  /** The tag of a map's key: a map is a list of messages with a key, field 1, and a value, 2. */
  static final int MAP_KEY = WireBuffer.tag(1);

  static final int MAP_VALUE = WireBuffer.tag(2);

  private static final int USUAL_BYTES = 2000;

  private final WireBuffer out;

  private EncodedUpsert(int points) {
    out = new WireBuffer(points * USUAL_BYTES);
  }

  /** Returns the request as bytes. */
  static byte[] of(UpsertPoints request) {
    EncodedUpsert upsert = new EncodedUpsert(request.getPointsCount());
    upsert.out.message(request.toBuilder().clearPoints().build().toByteArray());
    request.getPointsList().forEach(upsert::point);
    return upsert.out.toByteArray();
  }

  private void point(PointStruct point) {
    int start = out.begin(WireBuffer.tag(UpsertPoints.POINTS_FIELD_NUMBER));
    out.message(point.toBuilder().clearPayload().build().toByteArray());
    map(PointStruct.PAYLOAD_FIELD_NUMBER, point.getPayloadMap());
    out.end(start);
  }

  private void map(int field, Map<String, Value> values) {
    int tag = WireBuffer.tag(field);
    values.forEach(
        (key, value) -> {
          int entry = out.begin(tag);
          out.string(MAP_KEY, key);
          value(MAP_VALUE, value);
          out.end(entry);
        });
  }

  private void value(int tag, Value value) {
    int start = out.begin(tag);
    switch (value.getKindCase()) {
      case STRUCT_VALUE -> {
        int struct = out.begin(WireBuffer.tag(Value.STRUCT_VALUE_FIELD_NUMBER));
        map(Struct.FIELDS_FIELD_NUMBER, value.getStructValue().getFieldsMap());
        out.end(struct);
      }
      case LIST_VALUE -> {
        int list = out.begin(WireBuffer.tag(Value.LIST_VALUE_FIELD_NUMBER));
        int element = WireBuffer.tag(ListValue.VALUES_FIELD_NUMBER);
        value.getListValue().getValuesList().forEach(each -> value(element, each));
        out.end(list);
      }
      case STRING_VALUE ->
          out.string(WireBuffer.tag(Value.STRING_VALUE_FIELD_NUMBER), value.getStringValue());
      case INTEGER_VALUE -> out.integer(Value.INTEGER_VALUE_FIELD_NUMBER, value.getIntegerValue());
      case DOUBLE_VALUE -> out.number(Value.DOUBLE_VALUE_FIELD_NUMBER, value.getDoubleValue());
      default -> out.message(value.toByteArray());
    }
    out.end(start);
  }
}
