package io.vectorstream.local.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Registry;
import io.vectorstream.config.Secret;
import io.vectorstream.format.ValueDecoder;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.RecordKind;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventEncoderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String EVENT =
      """
      {"event_id": "e", "timestamp": "2026-11-30T10:00:00.123Z", "user_id": "u", "event_type": "purchase",
       "session_id": "s", "product": {"id": "p", "name": "Lamp", "category": "Lighting", "price": 12.5},
       "quantity": 2, "total_amount": 25.0, "payment_method": "card"}
      """;

  @ParameterizedTest
  @EnumSource
  void what_is_encoded_is_decoded_as_the_same_event(EventFormat format) throws Exception {
    RegisteredSchemas schemas = new RegisteredSchemas();
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(0, schemas, Optional.empty())) {
      GeneratedRecord sent = new GeneratedRecord(RecordKind.EVENT, "u", EVENT.getBytes(UTF_8));
      GeneratedRecord record = EventEncoder.of(format, schemas).encode(sent);
      byte[] encoded = record.value();
      RecordHeaders headers = new RecordHeaders();
      record.headers().forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));

      byte[] decoded = decoder(registry).decode(encoded, headers);

      ObjectNode json = (ObjectNode) JSON.readTree(decoded);
      assertThat(json.remove("cloudevent") != null)
          .as("is a CloudEvent")
          .isEqualTo(format.name().startsWith("CLOUDEVENTS"));
      assertThat(headers.toArray().length > 0)
          .as("has headers")
          .isEqualTo(format == EventFormat.CLOUDEVENTS_BINARY);
      assertThat(json).isEqualTo(JSON.readTree(EVENT));
      assertThat(encoded.length > 0 && encoded[0] == '{')
          .as("is JSON")
          .isEqualTo(
              format == EventFormat.JSON
                  || format == EventFormat.CLOUDEVENTS
                  || format == EventFormat.CLOUDEVENTS_BINARY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_broken_stays_so(EventFormat format) {
    EventEncoder encoder = EventEncoder.of(format, new RegisteredSchemas());
    for (byte[] broken : new byte[][] {{}, {1, 2}, "{\"event_id\": ".getBytes(UTF_8)}) {
      assertThat(encoder.encode(broken)).isEqualTo(broken);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_event_without_a_field_is_sent_without_it(EventFormat format) {
    byte[] event = "{\"event_id\": \"e\", \"timestamp\": true}".getBytes(UTF_8);

    GeneratedRecord sent =
        EventEncoder.of(format, new RegisteredSchemas())
            .encode(new GeneratedRecord(RecordKind.MALFORMED, "u", event));

    assertThat(sent.headers()).doesNotContainValue(null);
    assertThat(sent.value()).isNotEmpty();
  }

  private static ValueDecoder decoder(EmbeddedRegistry registry) {
    return new ValueDecoder(
        new Registry(
            registry.url(),
            "",
            new Secret(""),
            "",
            "",
            Duration.ofSeconds(5),
            Duration.ofSeconds(5)));
  }
}
