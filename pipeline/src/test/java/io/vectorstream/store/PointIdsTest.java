package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class PointIdsTest {

  @Test
  void a_uuid_is_its_own_point_id() {
    assertThat(PointIds.point("0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77").getUuid())
        .isEqualTo("0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77");
  }

  @Test
  void anything_else_gets_the_version_5_uuid_of_its_name() {
    // The value that Python's uuid.uuid5(uuid.NAMESPACE_URL, "user123") gives.
    assertThat(PointIds.uuid("user123"))
        .isEqualTo(UUID.fromString("836ec5a8-ad3c-568b-85fb-46f730249145"));
    assertThat(PointIds.point("user123").getUuid())
        .isEqualTo("836ec5a8-ad3c-568b-85fb-46f730249145");
  }

  @Test
  void other_spellings_of_a_uuid_are_names_of_their_own() {
    String id = "0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77";

    assertThat(PointIds.uuid(id.toUpperCase(java.util.Locale.ROOT)))
        .isNotEqualTo(PointIds.uuid(id));
    assertThat(PointIds.uuid(id.replace("-", ""))).isNotEqualTo(PointIds.uuid(id));
    assertThat(PointIds.uuid("1-1-1-1-1").version()).isEqualTo(5);
  }

  @Test
  void an_id_of_any_characters_has_a_point() {
    assertThat(PointIds.uuid("ürün/7 🧦").version()).isEqualTo(5);
    assertThat(PointIds.uuid(" ")).isNotEqualTo(PointIds.uuid("  "));
  }
}
