package io.vectorstream.local.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Events in Protobuf, as a producer would describe them. */
final class ProtobufEvents {

  static final String FILE =
      """
      syntax = "proto3";
      package shop;

      import "google/protobuf/timestamp.proto";

      message Event {
        string event_id = 1;
        google.protobuf.Timestamp timestamp = 2;
        string user_id = 3;
        string event_type = 4;
        string session_id = 5;
        Product product = 6;
        optional int64 quantity = 7;
        optional double total_amount = 8;
        optional string payment_method = 9;
        optional double view_duration = 10;
        optional string search_query = 11;
      }

      message Product {
        string id = 1;
        string name = 2;
        optional string description = 3;
        optional string category = 4;
        optional double price = 5;
      }
      """;

  /** The same file as a producer's own compiler makes it. */
  private static final Descriptor EVENT = compiled().findMessageTypeByName("Event");

  private ProtobufEvents() {}

  /** Returns a message behind the number of its type, the first; fails for what is no event. */
  static byte[] encoded(JsonNode event) {
    byte[] message = message(event, EVENT).toByteArray();
    byte[] framed = new byte[1 + message.length];
    System.arraycopy(message, 0, framed, 1, message.length);
    return framed;
  }

  private static DynamicMessage message(JsonNode object, Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      JsonNode value = object.get(field.getName());
      if (value != null && !value.isNull()) {
        message.setField(field, value(value, field));
      }
    }
    return message.build();
  }

  private static Object value(JsonNode value, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case LONG -> EventEncoder.require(value.isIntegralNumber(), value).longValue();
      case DOUBLE -> EventEncoder.require(value.isNumber(), value).doubleValue();
      case MESSAGE ->
          field.getName().equals("timestamp")
              ? timestamp(value.textValue())
              : message(EventEncoder.require(value.isObject(), value), field.getMessageType());
      default -> EventEncoder.require(value.isTextual(), value).textValue();
    };
  }

  private static Timestamp timestamp(String text) {
    Instant time = OffsetDateTime.parse(text).toInstant();
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private static FileDescriptor compiled() {
    DescriptorProto event =
        DescriptorProto.newBuilder()
            .setName("Event")
            .addField(field("event_id", 1, Type.TYPE_STRING))
            .addField(
                field("timestamp", 2, Type.TYPE_MESSAGE).setTypeName(".google.protobuf.Timestamp"))
            .addField(field("user_id", 3, Type.TYPE_STRING))
            .addField(field("event_type", 4, Type.TYPE_STRING))
            .addField(field("session_id", 5, Type.TYPE_STRING))
            .addField(field("product", 6, Type.TYPE_MESSAGE).setTypeName(".shop.Product"))
            .addField(field("quantity", 7, Type.TYPE_INT64))
            .addField(field("total_amount", 8, Type.TYPE_DOUBLE))
            .addField(field("payment_method", 9, Type.TYPE_STRING))
            .addField(field("view_duration", 10, Type.TYPE_DOUBLE))
            .addField(field("search_query", 11, Type.TYPE_STRING))
            .build();
    DescriptorProto product =
        DescriptorProto.newBuilder()
            .setName("Product")
            .addField(field("id", 1, Type.TYPE_STRING))
            .addField(field("name", 2, Type.TYPE_STRING))
            .addField(field("description", 3, Type.TYPE_STRING))
            .addField(field("category", 4, Type.TYPE_STRING))
            .addField(field("price", 5, Type.TYPE_DOUBLE))
            .build();
    // What is written is the same in proto2, whose fields can all be absent.
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("event.proto")
            .setPackage("shop")
            .addDependency("google/protobuf/timestamp.proto")
            .addMessageType(event)
            .addMessageType(product)
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[] {TimestampProto.getDescriptor()});
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(Label.LABEL_OPTIONAL);
  }
}
