package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vectorstream.event.BrokenRecordException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * The decoder of Avro's binary encoding, as the writer's schema describes it. What is null is
 * absent from a record. It reads by Avro's own decoder, and goes through the schema itself, so that
 * neither a length in the value nor the depth of it can take more memory than the value has.
 */
final class AvroDecoder implements SchemaDecoder {

  /** The maximal depth of values within values, which is that of Protobuf, too. */
  static final int DEEPEST = 100;

  private final Schema schema;

  AvroDecoder(Schema schema) {
    this.schema = schema;
  }

  /**
   * Parses a schema.
   *
   * @param references the schemas that it refers to, each after those that it refers to itself
   * @throws BrokenRecordException if it is not one
   */
  static AvroDecoder of(String schema, List<String> references) throws BrokenRecordException {
    try {
      Schema.Parser parser = new Schema.Parser();
      references.forEach(parser::parse);
      return new AvroDecoder(parser.parse(schema));
    } catch (RuntimeException e) {
      // Avro's parser throws exceptions of many types at what is no schema.
      throw broken("is no Avro schema that can be read: " + e.getMessage());
    }
  }

  @Override
  public byte[] decode(ByteBuffer framed) throws BrokenRecordException {
    return JsonBytes.of(framed.remaining(), json -> write(framed, json));
  }

  private void write(ByteBuffer framed, JsonGenerator json)
      throws BrokenRecordException, IOException {
    BinaryDecoder in =
        DecoderFactory.get()
            .binaryDecoder(
                framed.array(), framed.arrayOffset() + framed.position(), framed.remaining(), null);
    try {
      write(in, schema, json, 0);
    } catch (EOFException e) {
      throw broken("the value ends before its schema does");
    } catch (AvroRuntimeException | UnsupportedOperationException e) {
      throw broken("the value is not of its schema: " + e.getMessage());
    }
    if (!in.isEnd()) {
      throw broken(
          "the value goes on for %d bytes after what its schema describes"
              .formatted(in.inputStream().available()));
    }
  }

  private static void write(BinaryDecoder in, Schema schema, JsonGenerator json, int depth)
      throws BrokenRecordException, IOException {
    if (depth > DEEPEST) {
      throw broken("the value is nested more than %d levels deep".formatted(DEEPEST));
    }
    switch (schema.getType()) {
      case RECORD -> record(in, schema, json, depth);
      case ENUM -> json.writeString(symbol(in, schema));
      case ARRAY -> array(in, schema, json, depth);
      case MAP -> map(in, schema, json, depth);
      case UNION -> write(in, branch(in, schema), json, depth + 1);
      case NULL -> json.writeNull();
      case BOOLEAN -> json.writeBoolean(in.readBoolean());
      case FLOAT -> json.writeNumber(in.readFloat());
      case DOUBLE -> json.writeNumber(in.readDouble());
      case INT -> AvroValues.write(in.readInt(), schema, json);
      case LONG -> AvroValues.write(in.readLong(), schema, json);
      case STRING -> json.writeString(text(in));
      case BYTES -> AvroValues.write(bytes(in), schema, json);
      case FIXED -> AvroValues.write(bytes(in, schema.getFixedSize()), schema, json);
    }
  }

  private static void record(BinaryDecoder in, Schema schema, JsonGenerator json, int depth)
      throws BrokenRecordException, IOException {
    json.writeStartObject();
    for (Schema.Field field : schema.getFields()) {
      Schema type = field.schema();
      if (type.getType() == Schema.Type.UNION) {
        type = branch(in, type);
      }
      if (type.getType() != Schema.Type.NULL) {
        json.writeFieldName(field.name());
        write(in, type, json, depth + 1);
      }
    }
    json.writeEndObject();
  }

  private static void array(BinaryDecoder in, Schema schema, JsonGenerator json, int depth)
      throws BrokenRecordException, IOException {
    json.writeStartArray();
    for (long count = in.readArrayStart(); count != 0; count = in.arrayNext()) {
      for (long i = 0; i < count; i++) {
        write(in, schema.getElementType(), json, depth + 1);
      }
    }
    json.writeEndArray();
  }

  private static void map(BinaryDecoder in, Schema schema, JsonGenerator json, int depth)
      throws BrokenRecordException, IOException {
    json.writeStartObject();
    for (long count = in.readMapStart(); count != 0; count = in.mapNext()) {
      for (long i = 0; i < count; i++) {
        json.writeFieldName(text(in));
        write(in, schema.getValueType(), json, depth + 1);
      }
    }
    json.writeEndObject();
  }

  private static Schema branch(BinaryDecoder in, Schema union)
      throws BrokenRecordException, IOException {
    int index = in.readIndex();
    if (index < 0 || index >= union.getTypes().size()) {
      throw broken(
          "the value has number %d of a union that has %d types"
              .formatted(index, union.getTypes().size()));
    }
    return union.getTypes().get(index);
  }

  private static String symbol(BinaryDecoder in, Schema schema)
      throws BrokenRecordException, IOException {
    int index = in.readEnum();
    List<String> symbols = schema.getEnumSymbols();
    if (index < 0 || index >= symbols.size()) {
      throw broken(
          "the value has number %d of %s, which has %d symbols"
              .formatted(index, schema.getFullName(), symbols.size()));
    }
    return symbols.get(index);
  }

  private static String text(BinaryDecoder in) throws BrokenRecordException, IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(in))).toString();
    } catch (CharacterCodingException e) {
      throw broken("the value has a text that is not valid UTF-8");
    }
  }

  private static byte[] bytes(BinaryDecoder in) throws BrokenRecordException, IOException {
    return bytes(in, in.readLong());
  }

  private static byte[] bytes(BinaryDecoder in, long length)
      throws BrokenRecordException, IOException {
    int left = in.inputStream().available();
    if (length < 0 || length > left) {
      throw broken(
          "the value has a text or bytes of length %d, and %d bytes are left of it"
              .formatted(length, left));
    }
    byte[] bytes = new byte[(int) length];
    in.readFixed(bytes, 0, bytes.length);
    return bytes;
  }
}
