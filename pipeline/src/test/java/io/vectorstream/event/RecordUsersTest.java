package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordUsersTest {

  /** Returns every text that is asked about. */
  private static Set<String> users(List<byte[]> parts) {
    Set<String> asked = new HashSet<>();
    assertThat(RecordUsers.anyOf(parts, text -> asked.add(text) && false)).isFalse();
    return asked;
  }

  @Test
  void a_user_who_is_looked_for_ends_the_search() {
    List<String> asked = new ArrayList<>();
    byte[] binary = new byte[100_000];
    Arrays.fill(binary, 5, binary.length, (byte) 'x');

    assertThat(
            RecordUsers.anyOf(
                List.of("ada".getBytes(UTF_8), binary),
                text -> asked.add(text) && text.equals("ada")))
        .isTrue();

    assertThat(asked).containsExactly("ada");
  }

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
        "\u0000\u0001 no JSON \"user_id\" : \"ada\" \u0000",
        "{\"user_id\": [\"ada\"]}",
        "{\"user_id\": {\"id\": \"ada\"}}",
        "{\"userId\": \"ada\"}",
        "{\"User_Id\": \"ada\"}",
        "{\"users\": {\"ada\": 1}}",
        "\"{\\\"user_id\\\": \\\"ada\\\"}\"",
        "{\"payload\": \"{\\\"user_id\\\": \\\"ada\\\"}\"}",
        "<event><user kind=\"x\">ada</user></event>",
        "1,view,ada,\"a kettle\"",
        "user=%61da&type=view",
        "{\"user\\u005fid\": \"\\u0061da\", \"quantity\": ",
        "{user_id: ada}",
        "ada"
      })
  void whoever_is_named_anywhere_is_found(String value) {
    assertThat(users(List.of(value.getBytes(UTF_8)))).contains("ada");
  }

  @Test
  void a_number_is_found_as_it_is_written_and_as_a_mapping_writes_it() {
    assertThat(users(List.of("{\"id\": 1.50e7, \"n\": [1e99999999999, 42.0]}".getBytes(UTF_8))))
        .contains("1.50e7", "1.50E+7", "15000000", "1e99999999999", "42");
  }

  @Test
  void a_user_in_a_binary_record_behind_a_frame_is_found_without_its_schema() {
    // Avro's text: its length times two. Protobuf's: a tag and the length. Both with what surrounds
    // them, cut off in the middle.
    byte[] avro = {0, 0, 0, 0, 9, 4, 'e', '1', 6, 'a', 'd', 'a', 6, 'v', 'i'};
    byte[] protobuf = {0, 0, 0, 0, 9, 0, 0x0a, 2, 'e', '1', 0x12, 3, 'a', 'd', 'a', 0x1a, 50};
    byte[] numbers = {0, 0, 0, 0, 9, (byte) 0xac, 0x02, 0x7f};
    byte[] uuid = new byte[24];
    ByteBuffer.wrap(uuid, 7, 16).putLong(0x7c9e6679742540deL).putLong(0x944be07fc1f90ae7L);

    assertThat(users(List.of(avro))).contains("ada");
    assertThat(users(List.of(protobuf))).contains("ada");
    assertThat(users(List.of(numbers))).contains("300", "150", "-64");
    assertThat(users(List.of(uuid))).contains("7c9e6679-7425-40de-944b-e07fc1f90ae7");
  }

  @Test
  void a_user_in_a_compressed_record_is_found_also_in_a_damaged_one() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("{\"user_id\": \"ada\"}".getBytes(UTF_8));
    }
    byte[] packed = bytes.toByteArray();

    assertThat(users(List.of(packed))).contains("ada");
    assertThat(users(List.of(Arrays.copyOf(packed, packed.length - 8)))).contains("ada");
  }

  @Test
  void a_key_is_taken_for_a_user() {
    assertThat(users(Arrays.asList("ada".getBytes(UTF_8), null))).containsExactly("ada");
    assertThat(users(Arrays.asList(null, null))).isEmpty();
    assertThat(users(List.of("\"ada\"".getBytes(UTF_8)))).contains("ada");
  }

  @Test
  void an_id_may_have_spaces_and_signs() {
    for (String id : List.of("ada lovelace", "ada@example.com", "a:d/a", "çiğdem+1")) {
      for (String record :
          List.of("{\"u\": \"%s\"}", "1;%s;view", "<user>%s</user>", "type: view\nuser=%s\n")) {
        assertThat(users(List.of(record.formatted(id).getBytes(UTF_8)))).as(record).contains(id);
      }
    }
  }

  @Test
  void what_is_not_utf_8_and_names_one_all_the_same_is_read() {
    byte[] value = "{\"name\": \"çay\", \"user_id\": \"ada\"}".getBytes(ISO_8859_1);

    assertThat(users(List.of(value))).contains("ada");
  }
}
