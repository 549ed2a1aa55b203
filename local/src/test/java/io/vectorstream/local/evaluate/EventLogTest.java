package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.ShopEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

  private static final Path EXAMPLES = Path.of("../config/mappings/examples");

  @TempDir Path folder;

  @Test
  void events_of_all_files_are_counted_once_in_the_order_of_their_times() throws IOException {
    Path later = file("later.jsonl", view("e3", "03"), view("e1", "01"), "broken");
    Path earlier = file("earlier.jsonl", view("e2", "02"), view("e3", "03"));

    EventLog log = EventLog.read(List.of(later, earlier), settings());

    assertThat(log.events()).extracting(ShopEvent::eventId).containsExactly("e1", "e2", "e3");
    assertThat(log.name()).isEqualTo("later.jsonl, earlier.jsonl");
    assertThat(log.records()).isEqualTo(5);
    assertThat(log.deadLetters()).isEqualTo(1);
    assertThat(log.duplicates()).isEqualTo(1);
    EvaluatedShop shop = EvaluatedShop.of(log);
    assertThat(shop.catalogue()).hasSize(1);
    assertThat(shop.users()).isEqualTo(1);
  }

  @Test
  void records_of_another_shape_are_mapped() throws IOException {
    EventLog log =
        EventLog.read(List.of(EXAMPLES.resolve("ga4.jsonl")), settings("kafka.mapping=ga4"));

    assertThat(log.events()).hasSize(4);
  }

  @Test
  void a_file_without_events_says_what_is_wrong_with_the_first_record() throws IOException {
    Path file = file("orders.jsonl", "{\"order\": 1}");

    assertThatThrownBy(() -> EventLog.read(List.of(file), settings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("orders.jsonl: none of 1 records is an event. The first: missing")
        .hasMessageContaining("map --dry-run");
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static String view(String id, String second) {
    return """
        {"event_id":"%s","timestamp":"2026-01-01T00:00:%sZ","user_id":"ada","event_type":"view",\
        "session_id":"s","product":{"id":"lamp","name":"Lamp","price":5}}"""
        .formatted(id, second);
  }

  private static Settings.Kafka settings(String... given) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of(given)).kafka();
  }
}
