package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;

/** What kind of payload index a request asks for. */
final class PayloadSchema {

  private PayloadSchema() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the request names no type, or
   *     parameters of another type
   */
  static PayloadSchemaInfo of(CreateFieldIndexCollection request) {
    if (request.getFieldName().isEmpty()) {
      throw Refusal.invalid("Validation error in body: [field_name: must not be empty]");
    }
    PayloadSchemaType ofParams = type(request.getFieldIndexParams());
    if (!request.hasFieldType() && ofParams == null) {
      throw Refusal.invalid("Neither field_type nor field_index_params is specified");
    }
    PayloadSchemaType type = request.hasFieldType() ? type(request.getFieldType()) : ofParams;
    if (ofParams != null && ofParams != type) {
      throw Refusal.invalid("field_type and field_index_params do not match");
    }
    PayloadSchemaInfo.Builder info = PayloadSchemaInfo.newBuilder().setDataType(type);
    if (ofParams != null) {
      info.setParams(request.getFieldIndexParams());
    }
    return info.build();
  }

  private static PayloadSchemaType type(FieldType type) {
    return switch (type) {
      case FieldTypeKeyword -> PayloadSchemaType.Keyword;
      case FieldTypeInteger -> PayloadSchemaType.Integer;
      case FieldTypeFloat -> PayloadSchemaType.Float;
      case FieldTypeGeo -> PayloadSchemaType.Geo;
      case FieldTypeText -> PayloadSchemaType.Text;
      case FieldTypeBool -> PayloadSchemaType.Bool;
      case FieldTypeDatetime -> PayloadSchemaType.Datetime;
      case FieldTypeUuid -> PayloadSchemaType.Uuid;
      case UNRECOGNIZED -> throw Refusal.invalid("Unknown field type");
    };
  }

  private static PayloadSchemaType type(PayloadIndexParams params) {
    return switch (params.getIndexParamsCase()) {
      case KEYWORD_INDEX_PARAMS -> PayloadSchemaType.Keyword;
      case INTEGER_INDEX_PARAMS -> PayloadSchemaType.Integer;
      case FLOAT_INDEX_PARAMS -> PayloadSchemaType.Float;
      case GEO_INDEX_PARAMS -> PayloadSchemaType.Geo;
      case TEXT_INDEX_PARAMS -> PayloadSchemaType.Text;
      case BOOL_INDEX_PARAMS -> PayloadSchemaType.Bool;
      case DATETIME_INDEX_PARAMS -> PayloadSchemaType.Datetime;
      case UUID_INDEX_PARAMS -> PayloadSchemaType.Uuid;
      case INDEXPARAMS_NOT_SET -> null;
    };
  }
}
