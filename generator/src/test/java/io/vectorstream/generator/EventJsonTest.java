package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  @Test
  void a_single_view_is_an_event_as_any_other() throws IOException {
    UUID id = UUID.randomUUID();
    Product product = new Product("p", "A \"boot\"", "Für Regen.", "Shoes", 12.5);

    byte[] event =
        EventJson.view(id, Instant.parse("2026-03-01T12:00:07.250001Z"), "a\"b", product);

    assertThat(EventFormat.brokenRule(event)).isEmpty();
    JsonNode json = new ObjectMapper().readTree(event);
    assertThat(json.path("event_id").asText()).isEqualTo(id.toString());
    assertThat(json.path("timestamp").asText()).isEqualTo("2026-03-01T12:00:07.250001Z");
    assertThat(json.path("user_id").asText()).isEqualTo("a\"b");
    assertThat(json.path("event_type").asText()).isEqualTo("view");
    assertThat(new ObjectMapper().treeToValue(json.path("product"), Product.class))
        .isEqualTo(product);
  }
}
