package io.vectorstream.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.WireFormat;
import io.vectorstream.event.BrokenRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufDecoderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String EVENT =
      """
      syntax = "proto3";
      package shop;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/duration.proto";
      import "google/protobuf/wrappers.proto";
      import "google/protobuf/struct.proto";
      import "shop/money.proto";
      enum Kind { VIEW = 0; PURCHASE = 1; }
      message Other { message In { string a = 1; } message In2 { int32 b = 1; } }
      message Event {
        map<string, Money> prices = 1;
        message Inner { string note = 1; }
        string event_id = 2;
        google.protobuf.Timestamp timestamp = 3;
        optional int32 quantity = 4;
        int64 big = 5;
        uint64 huge = 6;
        double price = 7;
        Kind kind = 8;
        oneof payload { string text = 9; Money money = 10; }
        repeated sint32 numbers = 11;
        google.protobuf.DoubleValue wrapped = 12;
        google.protobuf.Struct anything = 13;
        google.protobuf.Duration took = 14;
        bytes raw = 15;
        Event self = 16;
        fixed32 fixed = 17;
        bool flag = 18;
        repeated Inner inner = 19;
        map<uint32, string> names = 20;
      }
      """;

  private static final String MONEY =
      """
      syntax = "proto3";
      package shop;
      message Money { double amount = 1; string currency = 2; }
      """;

  private static final Map<String, String> FILES =
      Map.of("event.proto", EVENT, "shop/money.proto", MONEY);

  @Test
  void every_type_has_its_json() throws Exception {
    JsonNode json =
        decoded(
            FILES,
            "Event",
            """
            event_id: "e-1" timestamp { seconds: 1796000000 nanos: 123000000 } quantity: 0
            big: -9007199254740993 huge: 18446744073709551615 price: 12.99 kind: PURCHASE
            money { amount: 1.5 currency: "EUR" } numbers: [1, -2] wrapped { value: 0 }
            anything { fields { key: "a" value { list_value { values { null_value: NULL_VALUE } values { bool_value: true } } } } }
            took { seconds: -1 nanos: -500000000 } raw: "\\001\\377" fixed: 4294967295 flag: true
            prices { key: "x" value { amount: 2 } } inner { note: "n" } self { event_id: "e-0" }
            names { key: 4294967295 value: "most" }
            """);

    assertThat(json)
        .isEqualTo(
            JSON.readTree(
                """
                {"prices": {"x": {"amount": 2.0}}, "event_id": "e-1", "timestamp": "2026-11-30T00:53:20.123Z",
                 "quantity": 0, "big": -9007199254740993, "huge": 18446744073709551615, "price": 12.99,
                 "kind": "PURCHASE", "money": {"amount": 1.5, "currency": "EUR"}, "numbers": [1, -2],
                 "wrapped": 0.0, "anything": {"a": [null, true]}, "took": "-1.5s", "raw": "Af8=",
                 "self": {"event_id": "e-0", "kind": "VIEW"}, "fixed": 4294967295, "flag": true,
                 "inner": [{"note": "n"}], "names": {"4294967295": "most"}}
                """));
  }

  @Test
  void what_was_not_set_is_absent_except_an_enum_and_a_default_of_the_file() throws Exception {
    assertThat(decoded(FILES, "Event", "").toString()).isEqualTo("{\"kind\":\"VIEW\"}");
    String withDefaults =
        """
        syntax = "proto2";
        message E { optional int32 quantity = 1 [default = 1]; optional string note = 2; optional double price = 3; }
        """;
    assertThat(decoded(Map.of("event.proto", withDefaults), "E", "price: 0").toString())
        .isEqualTo("{\"quantity\":1,\"price\":0.0}");
  }

  @Test
  void the_frame_names_the_type_also_one_within_another() throws Exception {
    ProtobufDecoder decoder = new ProtobufDecoder(ProtobufFiles.compile("event.proto", FILES));

    assertThat(text(decoder.decode(framed(new int[] {0, 1}, new byte[] {8, 5}))))
        .isEqualTo("{\"b\":5}");
    // The entries of a map are a type of their own, which the frame does not count.
    assertThat(text(decoder.decode(framed(new int[] {1, 0}, new byte[] {10, 1, 'n'}))))
        .isEqualTo("{\"note\":\"n\"}");
    assertThat(text(decoder.decode(ByteBuffer.wrap(new byte[] {0})))).isEqualTo("{}");
  }

  @Test
  void a_frame_that_names_no_type_says_so() throws Exception {
    ProtobufDecoder decoder = new ProtobufDecoder(ProtobufFiles.compile("event.proto", FILES));

    assertThatThrownBy(() -> decoder.decode(framed(new int[] {2}, new byte[0])))
        .isInstanceOf(BrokenRecordException.class)
        .hasMessage("the frame names the type number 2 of the schema, which has only 2 there");
    assertThatThrownBy(() -> decoder.decode(framed(new int[] {0, 1, 0}, new byte[0])))
        .hasMessage("the frame names the type number 0.1.0 of the schema, which has only 0 there");
    assertThatThrownBy(() -> decoder.decode(framed(new int[] {-1}, new byte[0])))
        .hasMessageStartingWith("the frame names the type number -1");
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(new byte[] {(byte) 0xfe, 0x7f})))
        .hasMessageStartingWith("the frame says that its type is 8191 levels deep");
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(new byte[0])))
        .hasMessageStartingWith("the value is not a message of its schema: ");
  }

  @Test
  void a_message_that_is_cut_off_or_nested_without_end_says_so() throws Exception {
    ProtobufDecoder decoder = new ProtobufDecoder(ProtobufFiles.compile("event.proto", FILES));
    assertThatThrownBy(() -> decoder.decode(framed(new int[] {1}, new byte[] {18, 50, 'x'})))
        .hasMessageStartingWith("the value is not a message of its schema: ");
    byte[] nested = new byte[0];
    for (int i = 0; i < 200; i++) {
      ByteArrayOutputStream outer = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(outer);
      out.writeBytes(16, ByteString.copyFrom(nested));
      out.flush();
      nested = outer.toByteArray();
    }
    byte[] deep = nested;
    assertThatThrownBy(() -> decoder.decode(framed(new int[] {1}, deep)))
        .hasMessageContaining("too many levels of nesting");
  }

  @Test
  void a_message_of_too_many_values_is_refused_before_it_is_parsed() throws Exception {
    ProtobufDecoder decoder = new ProtobufDecoder(ProtobufFiles.compile("event.proto", FILES));
    int many = 1_000_001;
    byte[] empty = new byte[0];
    ByteBuffer nested = times(many, out -> out.writeByteArray(19, empty));
    ByteBuffer entries = times(many, out -> out.writeByteArray(1, empty));
    ByteBuffer unpacked = times(many, out -> out.writeSInt32(11, 1));
    ByteBuffer unknown = times(many, out -> out.writeInt32(99, 1));
    ByteBuffer groups =
        times(
            many / 2 + 1,
            out -> {
              out.writeTag(99, WireFormat.WIRETYPE_START_GROUP);
              out.writeInt32(1, 1);
              out.writeTag(99, WireFormat.WIRETYPE_END_GROUP);
            });
    ByteBuffer packed = times(1, out -> out.writeByteArray(11, new byte[many]));
    for (ByteBuffer each : List.of(nested, entries, unpacked, unknown, groups, packed)) {
      assertThatThrownBy(() -> decoder.decode(each))
          .isInstanceOf(BrokenRecordException.class)
          .hasMessage("the value has more than 1,000,000 values in it, which is not read");
    }

    String note = "x".repeat(2 * many);
    assertThat(text(decoder.decode(times(1, out -> out.writeString(9, note))))).contains(note);
    assertThat(text(decoder.decode(times(999_999, out -> out.writeByteArray(19, empty)))))
        .hasSizeGreaterThan(many);
  }

  private interface Field {
    void write(CodedOutputStream out) throws IOException;
  }

  /** Returns an event with a field so many times. */
  private static ByteBuffer times(int times, Field field) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(message);
    for (int i = 0; i < times; i++) {
      field.write(out);
    }
    out.flush();
    return framed(new int[] {1}, message.toByteArray());
  }

  @Test
  void a_file_that_cannot_be_compiled_says_why() {
    assertThatThrownBy(() -> ProtobufFiles.compile("a", Map.of("a", "message {")))
        .isInstanceOf(BrokenRecordException.class)
        .hasMessageStartingWith("is no Protobuf file that can be read: ");
    assertThatThrownBy(
            () ->
                ProtobufFiles.compile(
                    "a",
                    Map.of("a", "syntax = \"proto3\"; import \"b.proto\"; message A { B b = 1; }")))
        .hasMessageContaining("b.proto");
  }

  @Test
  void whatever_the_bytes_are_they_are_json_or_refused() throws Exception {
    ProtobufDecoder decoder = new ProtobufDecoder(ProtobufFiles.compile("event.proto", FILES));
    Random random = new Random(11);
    byte[] good =
        message(FILES, "Event", "event_id: \"e\" price: 2 self { text: \"t\" } numbers: [1, 2, 3]")
            .toByteArray();
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] message = good.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt();
      }
      ByteBuffer frame =
          random.nextInt(4) == 0 ? ByteBuffer.wrap(message) : framed(new int[] {1}, message);
      try {
        JSON.readTree(decoder.decode(frame));
        read++;
      } catch (BrokenRecordException expected) {
        // The only exception that may come.
      }
    }
    assertThat(read).isBetween(1_000, 199_000);
  }

  private static JsonNode decoded(Map<String, String> files, String type, String text)
      throws Exception {
    DynamicMessage message = message(files, type, text);
    FileDescriptor file = message.getDescriptorForType().getFile();
    int index = message.getDescriptorForType().getIndex();
    return JSON.readTree(
        new ProtobufDecoder(file).decode(framed(new int[] {index}, message.toByteArray())));
  }

  private static DynamicMessage message(Map<String, String> files, String type, String text)
      throws Exception {
    FileDescriptor file = ProtobufFiles.compile("event.proto", new HashMap<>(files));
    DynamicMessage.Builder message = DynamicMessage.newBuilder(file.findMessageTypeByName(type));
    TextFormat.merge(text, message);
    return message.build();
  }

  private static ByteBuffer framed(int[] indexes, byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeSInt32NoTag(indexes.length);
    for (int index : indexes) {
      out.writeSInt32NoTag(index);
    }
    out.writeRawBytes(message);
    out.flush();
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
