package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordUsersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user_id\": \"ada\", \"event_type\": \"view\"}",
        "{\"user_id\":\"\\u0061da\"}",
        "{\"\\u0075ser_id\":\"ada\"}",
        "{\"event\": {\"user_id\": \"ada\"}}",
        "[{\"user_id\": \"grace\"}, {\"user_id\": \"ada\"}]",
        "{\"event_type\": \"view\", \"user_id\": \"ada\", \"quantity\": ",
        "{\"event_type\": \"view\", \"user_id\": \"ada",
        "{'user_id': 'ada'}",
        "user_id=ada&event_type=view",
        "event_type: view\nuser_id: ada\n",
        "\u0000\u0001 no JSON \"user_id\" : \"ada\" \u0000"
      })
  void whoever_follows_the_name_is_found(String value) {
    assertThat(RecordUsers.of(null, value.getBytes(UTF_8))).contains("ada");
  }

  @Test
  void a_key_is_taken_for_a_user() {
    assertThat(RecordUsers.of("ada".getBytes(UTF_8), null)).containsExactly("ada");
    assertThat(RecordUsers.of(null, null)).isEmpty();
  }

  @Test
  void what_is_not_utf_8_and_names_one_all_the_same_is_read() {
    byte[] value = "{\"name\": \"çay\", \"user_id\": \"ada\"}".getBytes(ISO_8859_1);

    assertThat(RecordUsers.of(null, value)).contains("ada");
  }
}
