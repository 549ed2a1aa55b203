package io.vectorstream.local.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vectorstream.config.Registry;
import io.vectorstream.config.Secret;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.Reason;
import io.vectorstream.format.RegistryException;
import io.vectorstream.format.ValueDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values as other programs write them. Those behind a frame, and the schemas, were written by
 * confluent-kafka 2.16.1 for Python, which registered them with {@link EmbeddedRegistry}; the
 * CloudEvents by cloudevents 2.2.0 for Python.
 */
class ValueDecoderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Headers NONE = new RecordHeaders();

  private static final String PRODUCT =
      """
      {"type": "record", "name": "Product", "namespace": "shop", "fields": [
        {"name": "id", "type": "string"}, {"name": "name", "type": "string"},
        {"name": "price", "type": "double"}]}
      """;

  private static final String EVENT =
      """
      {"type": "record", "name": "Event", "namespace": "shop", "fields": [
        {"name": "event_id", "type": "string"},
        {"name": "timestamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "user_id", "type": "string"},
        {"name": "event_type", "type": {"type": "enum", "name": "Type", "symbols": ["view", "purchase", "search"]}},
        {"name": "session_id", "type": "string"},
        {"name": "product", "type": ["null", "shop.Product"], "default": null},
        {"name": "quantity", "type": ["null", "int"], "default": null},
        {"name": "total_amount", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}], "default": null}]}
      """;

  private static final String PRODUCT_PROTO =
      """
      syntax = "proto3";
      package shop;
      message Product {
        string id = 1;
        string name = 2;
        double price = 3;
      }
      """;

  private static final String EVENT_PROTO =
      """
      syntax = "proto3";
      package shop;
      import "google/protobuf/timestamp.proto";
      import "shop/product.proto";
      message Envelope {
        message Event {
          string event_id = 1;
          google.protobuf.Timestamp timestamp = 2;
          string user_id = 3;
          string event_type = 4;
          string session_id = 5;
          Product product = 6;
          optional int64 quantity = 7;
        }
      }
      message Event {
        string event_id = 1;
      }
      """;

  /** The same two files as the Python client registers them. */
  private static final String COMPILED_PRODUCT_PROTO =
      "ChJzaG9wL3Byb2R1Y3QucHJvdG8SBHNob3AiMgoHUHJvZHVjdBIKCgJpZBgBIAEoCRIMCgRuYW1lGAIgASgJEg0KBXBy"
          + "aWNlGAMgASgBYgZwcm90bzM=";

  private static final String COMPILED_EVENT_PROTO =
      "CgtldmVudC5wcm90bxIEc2hvcBofZ29vZ2xlL3Byb3RvYnVmL3RpbWVzdGFtcC5wcm90bxoSc2hvcC9wcm9kdWN0LnBy"
          + "b3RvItIBCghFbnZlbG9wZRrFAQoFRXZlbnQSEAoIZXZlbnRfaWQYASABKAkSLQoJdGltZXN0YW1wGAIgASgLMhou"
          + "Z29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIPCgd1c2VyX2lkGAMgASgJEhIKCmV2ZW50X3R5cGUYBCABKAkSEgoK"
          + "c2Vzc2lvbl9pZBgFIAEoCRIeCgdwcm9kdWN0GAYgASgLMg0uc2hvcC5Qcm9kdWN0EhUKCHF1YW50aXR5GAcgASgD"
          + "SACIAQFCCwoJX3F1YW50aXR5IhkKBUV2ZW50EhAKCGV2ZW50X2lkGAEgASgJYgZwcm90bzM=";

  private static final byte[] AVRO =
      Base64.getDecoder()
          .decode("AAAAAAIMYXZyby0x9pWtvsVoBnUtMQIGcy0xAgZwLTEITGFtcAAAAAAAAClAAgQCBAnE");

  private static final byte[] PROTOBUF =
      Base64.getDecoder()
          .decode(
              "AAAAAAUEAAAKB3Byb3RvLTESCwigkrXYBhDAqdM6GgN1LTEiBHZpZXcqA3MtMTIUCgNwLTESBExhbXAZAAAAAAAA"
                  + "KUA4Aw==");

  private static final String CE_DATA =
      "{\"user_id\": \"u-1\", \"session_id\": \"s-1\", \"event_type\": \"view\", \"product\":"
          + " {\"id\": \"p-1\", \"name\": \"Lamp\", \"price\": 12.5}}";

  private static final String STRUCTURED =
      "{\"id\": \"42\", \"source\": \"https://shop.example/web\", \"type\": \"com.shop.view\","
          + " \"specversion\": \"1.0\", \"time\": \"2026-11-30T10:00:00Z\", \"datacontenttype\":"
          + " \"application/json\", \"tenant\": \"t1\", \"data\": "
          + CE_DATA
          + "}";

  private static final Headers BINARY =
      headers(
          Map.of(
              "ce_id",
              "42",
              "ce_source",
              "https://shop.example/web",
              "ce_type",
              "com.shop.view",
              "ce_specversion",
              "1.0",
              "ce_time",
              "2026-11-30T10:00:00Z",
              "content-type",
              "application/json",
              "ce_tenant",
              "t1"));

  private final RegisteredSchemas schemas = new RegisteredSchemas();
  private EmbeddedRegistry registry = EmbeddedRegistry.start(0, schemas, Optional.empty());
  private ValueDecoder decoder = decoder(settings(registry.url()));

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void an_avro_value_is_read_by_the_schema_that_it_names_and_those_that_this_one_refers_to()
      throws Exception {
    register();

    assertThat(decoded(AVRO))
        .isEqualTo(
            JSON.readTree(
                """
                {"event_id": "avro-1", "timestamp": "2026-11-30T10:00:00.123Z", "user_id": "u-1",
                 "event_type": "purchase", "session_id": "s-1",
                 "product": {"id": "p-1", "name": "Lamp", "price": 12.5}, "quantity": 2, "total_amount": 25.00}
                """));
  }

  @Test
  void a_protobuf_value_is_read_whether_its_files_are_text_or_compiled() throws Exception {
    JsonNode expected =
        JSON.readTree(
            """
            {"event_id": "proto-1", "timestamp": "2026-11-30T10:00:00.123Z", "user_id": "u-1",
             "event_type": "view", "session_id": "s-1",
             "product": {"id": "p-1", "name": "Lamp", "price": 12.5}, "quantity": 3}
            """);
    register();
    assertThat(decoded(PROTOBUF)).isEqualTo(expected);

    schemas.register("compiled", "PROTOBUF", COMPILED_PRODUCT_PROTO);
    int id =
        schemas.register(
            "compiled-event",
            referring("PROTOBUF", COMPILED_EVENT_PROTO, "shop/product.proto", "compiled"));
    assertThat(decoded(named(PROTOBUF, id))).isEqualTo(expected);
  }

  @Test
  void a_value_with_a_json_schema_is_the_json_in_its_frame() throws Exception {
    int id = schemas.register("events-value", "JSON", "{\"type\": \"object\"}");
    byte[] json = "{\"event_id\": \"json-1\"}".getBytes(UTF_8);
    byte[] framed = ByteBuffer.allocate(5 + json.length).put((byte) 0).putInt(id).put(json).array();

    assertThat(decoded(framed).path("event_id").asText()).isEqualTo("json-1");
  }

  @Test
  void a_newer_version_of_a_schema_has_an_id_of_its_own() throws Exception {
    int first = schemas.register("v", "AVRO", record("{\"name\": \"a\", \"type\": \"string\"}"));
    int second =
        schemas.register(
            "v",
            "AVRO",
            record(
                "{\"name\": \"b\", \"type\": \"int\"}, {\"name\": \"a\", \"type\": \"string\"}"));
    byte[] value = {0, 0, 0, 0, 0, 2, 'x'};

    assertThat(decoded(named(value, first)).toString()).isEqualTo("{\"a\":\"x\"}");
    byte[] newer = {0, 0, 0, 0, 0, 14, 2, 'y'};
    assertThat(decoded(named(newer, second)).toString()).isEqualTo("{\"b\":7,\"a\":\"y\"}");
  }

  @Test
  void a_value_of_a_schema_that_the_registry_does_not_have_is_no_event_and_says_which() {
    assertBroken(
        named(AVRO, 4711), Reason.UNKNOWN_SCHEMA, "the schema registry has no schema 4711");
    int id =
        schemas.register("e", referring("AVRO", EVENT, "shop.Product", "a subject/of product"));
    assertBroken(
        named(AVRO, id),
        Reason.UNKNOWN_SCHEMA,
        "the schema registry has no version 1 of subject a subject/of product, which a schema refers to");
  }

  @Test
  void an_id_that_no_registry_can_have_is_unknown_without_asking() {
    registry.close();
    assertBroken(
        named(AVRO, -1), Reason.UNKNOWN_SCHEMA, "the schema registry has no schema 4294967295");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 422})
  void a_schema_that_a_registry_refuses_alone_is_unknown(int status) throws Exception {
    try (Answers answers = new Answers(status)) {
      decoder = decoder(settings(answers.url()));
      assertBroken(AVRO, Reason.UNKNOWN_SCHEMA, "the schema registry has no schema 2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 408, 429, 500})
  void a_refusal_that_is_about_all_schemas_fails_the_call_and_not_the_value(int status)
      throws Exception {
    try (Answers answers = new Answers(status)) {
      decoder = decoder(impatient(answers.url(), Duration.ofSeconds(5)));
      assertThatThrownBy(() -> decoder.decode(AVRO, NONE))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining(" with ")
          .hasMessageContaining(String.valueOf(status));
    }
  }

  @Test
  @Timeout(60)
  void an_answer_that_stops_in_its_middle_is_not_waited_for() throws Exception {
    try (Answers answers = new Answers(Answers.HALF)) {
      decoder = decoder(impatient(answers.url(), Duration.ofMillis(300)));
      assertThatThrownBy(() -> decoder.decode(AVRO, NONE))
          .isInstanceOf(RegistryException.class)
          .hasMessageEndingWith("does not answer: no complete answer within 300 ms");
    }
  }

  /** A registry that refuses each schema with a status, or sends half of it. */
  private static final class Answers implements AutoCloseable {

    static final int HALF = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);

    Answers(int status) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/schemas/types", exchange -> send(exchange, 200, "[\"AVRO\"]", 0));
      server.createContext(
          "/schemas/ids", exchange -> send(exchange, status, "{}", status == HALF ? 9 : 0));
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void send(HttpExchange exchange, int status, String body, int missing)
        throws IOException {
      exchange.sendResponseHeaders(status, body.length() + missing);
      exchange.getResponseBody().write(body.getBytes(UTF_8));
      exchange.getResponseBody().flush();
      if (missing > 0) {
        Uninterruptibles.awaitUninterruptibly(closed);
      }
      exchange.close();
    }

    @Override
    public void close() {
      closed.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void too_many_values_in_a_few_bytes_are_refused_before_they_take_memory() throws Exception {
    byte[] list =
        ("{\"specversion\": \"1.0\", \"a\": [" + "{},".repeat(500_000) + "{}]}").getBytes(UTF_8);
    byte[] packed = gzip(list);
    assertThat(packed).hasSizeLessThan(10_000);
    String limit = "the value exceeds the limits of what is read as JSON: Token count";

    assertBroken(packed, Reason.CANNOT_BE_DECODED, limit);
    BrokenRecordException data =
        catchThrowableOfType(BrokenRecordException.class, () -> decoder.decode(packed, BINARY));
    assertThat(data).hasMessageStartingWith(limit);
    assertThatThrownBy(() -> JsonFormat.tree(list)).hasMessageStartingWith(limit);
  }

  @Test
  void a_schema_that_cannot_be_read_says_why() {
    int id = schemas.register("x", "XML", "<a/>");
    assertBroken(
        named(AVRO, id),
        Reason.CANNOT_BE_DECODED,
        "the schema %d is of type XML, expected AVRO, PROTOBUF or JSON".formatted(id));
    int circle = schemas.register("c", referring("AVRO", EVENT, "shop.Product", "c"));
    assertBroken(
        named(AVRO, circle),
        Reason.CANNOT_BE_DECODED,
        "the schema %d refers to itself, or to too many others, by shop.Product".formatted(circle));
  }

  @Test
  void a_framed_value_without_a_registry_is_named_for_what_it_is() {
    decoder = decoder(settings(""));
    assertBroken(
        AVRO,
        Reason.OTHER_FORMAT,
        "the value is framed for a schema registry, with schema 2, and none is set; expected kafka.registry.url");
  }

  @Test
  void a_value_waits_while_the_registry_does_not_answer() throws Exception {
    register();
    int port = registry.port();
    registry.close();
    CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> decodedNow(AVRO));
    registry = EmbeddedRegistry.start(port, schemas, Optional.empty());

    assertThat(waiting.get().path("event_id").asText()).isEqualTo("avro-1");
  }

  @Test
  void a_registry_that_stays_away_fails_the_call_and_not_the_value() {
    registry.close();
    decoder = decoder(settings(registry.url()).within(Duration.ofMillis(300)));

    assertThatThrownBy(() -> decoder.decode(AVRO, NONE))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(
            "the schema registry at %s does not answer".formatted(registry.url()));
    assertThatThrownBy(() -> decoder.check()).isInstanceOf(RegistryException.class);
  }

  @Test
  void an_address_where_something_else_listens_fails_the_call_and_not_the_value() {
    decoder = decoder(settings(registry.url() + "/api"));

    assertThatThrownBy(() -> decoder.decode(AVRO, NONE))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("does not know /schemas/ids/2; expected the address of a registry");
  }

  @Test
  void the_registry_is_asked_with_a_user_and_a_password_or_a_token() throws Exception {
    registry.close();
    registry =
        EmbeddedRegistry.start(
            0,
            schemas,
            Optional.of(
                "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8))));
    register();
    Registry without = settings(registry.url());

    assertThatThrownBy(() -> decoder(without).check()).hasMessageContaining("refused with 401");
    decoder = decoder(with(without, "me", "secret"));
    decoder.check();
    assertThat(decoded(AVRO).path("event_id").asText()).isEqualTo("avro-1");

    registry.close();
    registry = EmbeddedRegistry.start(0, schemas, Optional.of("Bearer token"));
    decoder = decoder(with(settings(registry.url()), "", "token"));
    assertThat(decoded(AVRO).path("event_id").asText()).isEqualTo("avro-1");
  }

  @Test
  void of_several_addresses_one_that_answers_is_enough() throws Exception {
    register();
    decoder = decoder(settings("http://127.0.0.1:1, " + registry.url() + "/"));

    assertThat(decoded(AVRO).path("event_id").asText()).isEqualTo("avro-1");
    decoder.check();
  }

  @Test
  void a_compressed_value_is_unpacked_also_a_framed_one() throws Exception {
    register();
    assertThat(decoded(gzip("{\"event_id\": \"g\"}".getBytes(UTF_8))).toString())
        .isEqualTo("{\"event_id\":\"g\"}");
    assertThat(decoded(gzip(AVRO)).path("event_id").asText()).isEqualTo("avro-1");
  }

  @Test
  void what_cannot_be_unpacked_says_why() throws Exception {
    byte[] packed = gzip(CE_DATA.getBytes(UTF_8));
    packed[packed.length - 6] ^= 1;
    assertBroken(
        packed,
        Reason.CANNOT_BE_DECODED,
        "the value begins as one that is compressed by gzip, but cannot be unpacked: Corrupt GZIP trailer");
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 100; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    assertBroken(
        bomb.toByteArray(),
        Reason.CANNOT_BE_DECODED,
        "the value is compressed by gzip and unpacks to more than 32 MB, which is not read");
    BrokenRecordException other =
        catchThrowableOfType(
            BrokenRecordException.class,
            () -> decoder.decode(new byte[] {1}, headers(Map.of("content-encoding", "br"))));
    assertThat(other.reason()).isEqualTo(Reason.OTHER_FORMAT);
    assertThat(other)
        .hasMessage(
            "the value is compressed by br, as its header content-encoding says; expected gzip");
  }

  @Test
  void a_cloud_event_gives_its_data_and_what_the_data_lacks() throws Exception {
    ObjectNode expected = (ObjectNode) JSON.readTree(CE_DATA);
    expected.put("event_id", "https://shop.example/web 42");
    expected.put("timestamp", "2026-11-30T10:00:00Z");
    expected.set(
        "cloudevent",
        JSON.readTree(
            """
            {"id": "42", "source": "https://shop.example/web", "type": "com.shop.view",
             "specversion": "1.0", "time": "2026-11-30T10:00:00Z",
             "datacontenttype": "application/json", "tenant": "t1"}
            """));

    assertThat(decoded(STRUCTURED.getBytes(UTF_8))).isEqualTo(expected);
    assertThat(
            decoded(
                STRUCTURED.getBytes(UTF_8),
                headers(Map.of("content-type", "application/cloudevents+json; charset=utf-8"))))
        .isEqualTo(expected);
    assertThat(decoded(CE_DATA.getBytes(UTF_8), BINARY)).isEqualTo(expected);
    assertThat(decoded(gzip(CE_DATA.getBytes(UTF_8)), BINARY)).isEqualTo(expected);
  }

  @Test
  void the_data_of_a_cloud_event_may_be_framed_or_in_base64() throws Exception {
    register();
    assertThat(decoded(AVRO, BINARY).path("event_id").asText()).isEqualTo("avro-1");
    String base64 =
        STRUCTURED.replace(
            "\"data\": " + CE_DATA,
            "\"data_base64\": \"%s\"".formatted(Base64.getEncoder().encodeToString(AVRO)));
    assertThat(decoded(base64.getBytes(UTF_8)).path("event_id").asText()).isEqualTo("avro-1");
  }

  @Test
  void what_says_that_it_is_a_cloud_event_and_is_not_says_why() {
    assertBroken(
        STRUCTURED.replace("\"id\": \"42\", ", "").getBytes(UTF_8),
        Reason.CANNOT_BE_DECODED,
        "the value is not a CloudEvent, as it says: ");
    assertBroken(
        "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"a\", \"type\": \"b\"}"
            .getBytes(UTF_8),
        Reason.CANNOT_BE_DECODED,
        "the CloudEvent has no data, which is expected to be the event");
    assertBroken(
        STRUCTURED.replace(CE_DATA, "[1]").getBytes(UTF_8),
        Reason.CANNOT_BE_DECODED,
        "the data of the CloudEvent is not a JSON object, which is expected to be the event");
    BrokenRecordException avro =
        catchThrowableOfType(
            BrokenRecordException.class,
            () ->
                decoder.decode(
                    AVRO, headers(Map.of("content-type", "application/cloudevents+avro"))));
    assertThat(avro.reason()).isEqualTo(Reason.OTHER_FORMAT);
    assertThat(avro)
        .hasMessage(
            "the value is a CloudEvent as application/cloudevents+avro, expected application/cloudevents+json");
  }

  @Test
  void what_is_json_already_stays_as_it_is() throws Exception {
    for (String value :
        new String[] {
          "{\"event_id\": \"1\", \"price\": 1.0}",
          "{\"note\": \"a \\\"specversion\\\" within\"}",
          "{\"inner\": {\"specversion\": \"1.0\"}}",
          "no JSON with \"specversion\"",
          ""
        }) {
      assertThat(decoder.decode(value.getBytes(UTF_8), NONE)).isEqualTo(value.getBytes(UTF_8));
    }
    assertThat(decoder.decode(null, NONE)).isNull();
  }

  @Test
  void whatever_the_bytes_are_they_are_decoded_or_refused() throws Exception {
    register();
    Random random = new Random(3);
    byte[][] good = {AVRO, PROTOBUF, STRUCTURED.getBytes(UTF_8), gzip(AVRO)};
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] value = good[random.nextInt(good.length)].clone();
      int first = random.nextInt(30) == 0 ? 0 : 5;
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        value[first + random.nextInt(value.length - first)] = (byte) random.nextInt();
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(value.length) : value.length;
      try {
        decoder.decode(
            java.util.Arrays.copyOf(value, length), random.nextInt(4) == 0 ? BINARY : NONE);
      } catch (BrokenRecordException expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(500, 4_990);
  }

  private void register() {
    schemas.register("product", "AVRO", PRODUCT);
    schemas.register("events-value", referring("AVRO", EVENT, "shop.Product", "product"));
    schemas.register("events-value", "JSON", "{}");
    schemas.register("shop/product.proto", "PROTOBUF", PRODUCT_PROTO);
    schemas.register(
        "events-value",
        referring("PROTOBUF", EVENT_PROTO, "shop/product.proto", "shop/product.proto"));
  }

  private static ObjectNode referring(String type, String schema, String name, String subject) {
    ObjectNode request = JSON.createObjectNode().put("schemaType", type).put("schema", schema);
    request
        .putArray("references")
        .addObject()
        .put("name", name)
        .put("subject", subject)
        .put("version", 1);
    return request;
  }

  private static String record(String fields) {
    return "{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}";
  }

  /** Returns a framed value with another schema's id. */
  private static byte[] named(byte[] framed, int id) {
    byte[] other = framed.clone();
    ByteBuffer.wrap(other).putInt(1, id);
    return other;
  }

  private JsonNode decoded(byte[] value) throws Exception {
    return decoded(value, NONE);
  }

  private JsonNode decodedNow(byte[] value) {
    try {
      return decoded(value);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode decoded(byte[] value, Headers headers) throws Exception {
    return JSON.readTree(decoder.decode(value, headers));
  }

  private void assertBroken(byte[] value, Reason reason, String message) {
    BrokenRecordException broken =
        catchThrowableOfType(BrokenRecordException.class, () -> decoder.decode(value, NONE));
    assertThat(broken).hasMessageStartingWith(message);
    assertThat(broken.reason()).isEqualTo(reason);
  }

  private static byte[] gzip(byte[] value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(value);
    }
    return bytes.toByteArray();
  }

  private static Headers headers(Map<String, String> texts) {
    Headers headers = new RecordHeaders();
    texts.forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
    return headers;
  }

  private static Registry settings(String url) {
    return new Registry(
        url, "", new Secret(""), "", "", Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  private static Registry impatient(String url, Duration timeout) {
    return new Registry(url, "", new Secret(""), "", "", timeout, Duration.ofMillis(1));
  }

  private static Registry with(Registry settings, String user, String password) {
    return new Registry(
        settings.url(),
        user,
        new Secret(password),
        "",
        "",
        settings.timeout(),
        settings.retryFor());
  }

  private static ValueDecoder decoder(Registry settings) {
    return new ValueDecoder(settings);
  }
}
