package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import java.util.Set;

/** The kind of payload index that a request asks for. */
final class PayloadSchema {

  private static final Set<String> OPTIONS =
      Set.of("collection_name", "wait", "field_name", "field_type", "ordering", "timeout");

  private PayloadSchema() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the request names no field or no
   *     type, UNIMPLEMENTED when it names a type or an option that is not offered
   */
  static PayloadSchemaInfo of(CreateFieldIndexCollection request) {
    Refusal.checkOptions("a payload index", request, OPTIONS);
    if (request.getFieldName().isEmpty()) {
      throw Refusal.invalid("Validation error in body: [field_name: must not be empty]");
    }
    if (!request.hasFieldType()) {
      throw Refusal.invalid("field_type is not specified");
    }
    PayloadSchemaType type =
        switch (request.getFieldType()) {
          case FieldTypeKeyword -> PayloadSchemaType.Keyword;
          case FieldTypeInteger -> PayloadSchemaType.Integer;
          case FieldTypeFloat -> PayloadSchemaType.Float;
          case FieldTypeBool -> PayloadSchemaType.Bool;
          case FieldTypeDatetime -> PayloadSchemaType.Datetime;
          default ->
              throw Refusal.unsupported("A payload index of the type " + request.getFieldType());
        };
    return PayloadSchemaInfo.newBuilder().setDataType(type).build();
  }
}
