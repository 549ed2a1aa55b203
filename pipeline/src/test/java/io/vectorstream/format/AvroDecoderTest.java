package io.vectorstream.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroDecoderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String LIST =
      """
      {"type": "record", "name": "Node", "fields": [
        {"name": "next", "type": ["null", "Node"]}]}
      """;

  @Test
  void every_type_has_its_json() throws Exception {
    String schema =
        """
        {"type": "record", "name": "All", "fields": [
          {"name": "text", "type": "string"},
          {"name": "whole", "type": "int"},
          {"name": "long", "type": "long"},
          {"name": "float", "type": "float"},
          {"name": "double", "type": "double"},
          {"name": "flag", "type": "boolean"},
          {"name": "bytes", "type": "bytes"},
          {"name": "fixed", "type": {"type": "fixed", "name": "F", "size": 2}},
          {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["view", "purchase"]}},
          {"name": "list", "type": {"type": "array", "items": ["null", "long"]}},
          {"name": "map", "type": {"type": "map", "values": "string"}},
          {"name": "nothing", "type": ["null", "string"]},
          {"name": "something", "type": ["null", "string"]},
          {"name": "nil", "type": "null"}]}
        """;
    Schema parsed = new Schema.Parser().parse(schema);
    GenericRecord record =
        new GenericRecordBuilder(parsed)
            .set("text", "Köln \uD83D\uDE00 \"x\"")
            .set("whole", -7)
            .set("long", Long.MIN_VALUE)
            .set("float", 12.99f)
            .set("double", 0.1)
            .set("flag", true)
            .set("bytes", ByteBuffer.wrap(new byte[] {0, 1, (byte) 255}))
            .set(
                "fixed",
                new GenericData.Fixed(parsed.getField("fixed").schema(), new byte[] {1, 2}))
            .set("kind", new GenericData.EnumSymbol(parsed.getField("kind").schema(), "purchase"))
            .set("list", Arrays.asList(1L, null, 3L))
            .set("map", Map.of("k", "v"))
            .set("nothing", null)
            .set("something", "here")
            .set("nil", null)
            .build();

    assertThat(decoded(schema, encoded(parsed, record)))
        .isEqualTo(
            JSON.readTree(
                """
                {"text": "Köln 😀 \\"x\\"", "whole": -7, "long": -9223372036854775808, "float": 12.99,
                 "double": 0.1, "flag": true, "bytes": "AAH/", "fixed": "AQI=", "kind": "purchase",
                 "list": [1, null, 3], "map": {"k": "v"}, "something": "here"}
                """));
  }

  @Test
  void logical_types_become_texts_that_people_read_and_numbers() throws Exception {
    String schema =
        """
        {"type": "record", "name": "L", "fields": [
          {"name": "millis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "micros", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
          {"name": "nanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
          {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
          {"name": "date", "type": {"type": "int", "logicalType": "date"}},
          {"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
          {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
          {"name": "fixedPrice", "type": {"type": "fixed", "name": "P", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}},
          {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
          {"name": "beyond", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
        """;
    Schema parsed = new Schema.Parser().parse(schema);
    long millis = 1_796_000_000_123L;
    GenericRecord record =
        new GenericRecordBuilder(parsed)
            .set("millis", millis)
            .set("micros", millis * 1000 + 456)
            .set("nanos", millis * 1_000_000)
            .set("local", millis)
            .set("date", 20_000)
            .set("time", 3_600_000)
            .set("price", ByteBuffer.wrap(new BigDecimal("-12.25").unscaledValue().toByteArray()))
            .set(
                "fixedPrice",
                new GenericData.Fixed(
                    parsed.getField("fixedPrice").schema(), new byte[] {0, 0, 0x04, (byte) 0xe2}))
            .set("id", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
            .set("beyond", Long.MAX_VALUE)
            .build();

    JsonNode json = decoded(schema, encoded(parsed, record));

    assertThat(json)
        .isEqualTo(
            JSON.readTree(
                """
                {"millis": "2026-11-30T00:53:20.123Z", "micros": "2026-11-30T00:53:20.123456Z",
                 "nanos": "2026-11-30T00:53:20.123Z", "local": "2026-11-30T00:53:20.123",
                 "date": "2024-10-04", "time": "01:00", "price": -12.25, "fixedPrice": 12.50,
                 "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "beyond": "+292278994-08-17T07:12:55.807Z"}
                """));
  }

  @Test
  void a_schema_may_refer_to_others() throws Exception {
    String money =
        """
        {"type": "record", "name": "shop.Money", "fields": [{"name": "amount", "type": "double"}]}
        """;
    String schema =
        """
        {"type": "record", "name": "shop.E", "fields": [{"name": "price", "type": "shop.Money"}]}
        """;
    byte[] value = new byte[8];
    ByteBuffer.wrap(value).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(2.5);

    byte[] json = AvroDecoder.of(schema, List.of(money)).decode(ByteBuffer.wrap(value));

    assertThat(JSON.readTree(json).at("/price/amount").asDouble()).isEqualTo(2.5);
  }

  @Test
  void a_text_that_is_no_schema_says_so() {
    assertThatThrownBy(() -> AvroDecoder.of("{\"type\": \"rekord\"}", List.of()))
        .isInstanceOf(BrokenRecordException.class)
        .hasMessageStartingWith("is no Avro schema that can be read: ");
  }

  @Test
  void a_value_that_is_cut_off_or_longer_than_its_schema_says_so() throws Exception {
    String schema =
        """
        {"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "long"}]}
        """;

    assertThatThrownBy(() -> decoded(schema, new byte[] {4, 'h', 'i'}))
        .hasMessage("the value ends before its schema does");
    assertThatThrownBy(() -> decoded(schema, new byte[] {4, 'h'}))
        .hasMessage("the value has a text or bytes of length 2, and 1 bytes are left of it");
    assertThatThrownBy(() -> decoded(schema, new byte[] {4, 'h', 'i', 2, 0, 0}))
        .hasMessage("the value goes on for 2 bytes after what its schema describes");
    assertThatThrownBy(() -> decoded(schema, new byte[] {2, (byte) 0xff, 2}))
        .hasMessage("the value has a text that is not valid UTF-8");
  }

  @Test
  void a_length_that_claims_gigabytes_takes_no_memory() {
    byte[] twoGigabytes = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 'x'};
    assertThatThrownBy(() -> decoded("\"string\"", twoGigabytes))
        .hasMessage(
            "the value has a text or bytes of length 2147483647, and 1 bytes are left of it");
  }

  @Test
  void a_few_bytes_that_stand_for_a_billion_items_are_refused() {
    byte[] aBillionNulls = {(byte) 0x80, (byte) 0xa8, (byte) 0xd6, (byte) 0xb9, 0x07, 0};
    assertThatThrownBy(() -> decoded("{\"type\": \"array\", \"items\": \"null\"}", aBillionNulls))
        .hasMessage("the value becomes more than 32 MB of JSON, which is not read");
  }

  @Test
  void more_values_than_are_read_are_refused_before_they_take_memory() throws Exception {
    String schema = "{\"type\": \"array\", \"items\": \"int\"}";
    List<Integer> numbers = Collections.nCopies(1_000_001, 1);
    byte[] value = encoded(new Schema.Parser().parse(schema), numbers);

    byte[] json = AvroDecoder.of(schema, List.of()).decode(ByteBuffer.wrap(value));

    assertThatThrownBy(() -> JsonFormat.tree(json))
        .isInstanceOf(BrokenRecordException.class)
        .hasMessageStartingWith("the value exceeds the limits of what is read as JSON: Token count")
        .hasMessageContaining("1000000");
  }

  @Test
  void a_decimal_of_more_digits_than_a_number_may_have_is_refused() throws Exception {
    String schema =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}";
    Schema parsed = new Schema.Parser().parse(schema);
    byte[] most = new byte[420];
    most[10] = 1;

    assertThat(decoded(schema, encoded(parsed, ByteBuffer.wrap(most))).isNumber()).isTrue();
    assertThatThrownBy(
            () -> decoded(schema, encoded(parsed, ByteBuffer.wrap(Arrays.copyOf(most, 421)))))
        .isInstanceOf(BrokenRecordException.class)
        .hasMessage("the value has a decimal of 421 bytes, expected up to 420");
  }

  @Test
  void a_schema_that_contains_itself_is_read_to_a_limited_depth() throws Exception {
    assertThat(decoded(LIST, new byte[] {2, 2, 0}).toString())
        .isEqualTo("{\"next\":{\"next\":{}}}");
    byte[] deep = new byte[1_000_000];
    Arrays.fill(deep, (byte) 2);
    assertThatThrownBy(() -> decoded(LIST, deep))
        .hasMessage("the value is nested more than 100 levels deep");
  }

  @Test
  void whatever_the_bytes_are_they_are_json_or_refused() throws Exception {
    Random random = new Random(7);
    String schema =
        """
        {"type": "record", "name": "R", "fields": [
          {"name": "u", "type": ["null", "string", {"type": "array", "items": "R"}, "double"]},
          {"name": "m", "type": {"type": "map", "values": ["null", "R", "long"]}},
          {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"]}}]}
        """;
    AvroDecoder decoder = AvroDecoder.of(schema, List.of());
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] value = new byte[random.nextInt(24)];
      random.nextBytes(value);
      if (random.nextBoolean()) {
        for (int at = 0; at < value.length; at++) {
          value[at] &= 7;
        }
      }
      try {
        JSON.readTree(decoder.decode(ByteBuffer.wrap(value)));
        read++;
      } catch (BrokenRecordException expected) {
        // The only exception that may come.
      }
    }
    assertThat(read).isBetween(20, 190_000);
  }

  private static byte[] encoded(Schema schema, Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static JsonNode decoded(String schema, byte[] value)
      throws BrokenRecordException, IOException {
    byte[] json = AvroDecoder.of(schema, List.of()).decode(ByteBuffer.wrap(value));
    return JSON.readTree(new String(json, StandardCharsets.UTF_8));
  }
}
