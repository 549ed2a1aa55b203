package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    assertThat(PointIds.uuid(id.toUpperCase(Locale.ROOT))).isNotEqualTo(PointIds.uuid(id));
    assertThat(PointIds.uuid(id.replace("-", ""))).isNotEqualTo(PointIds.uuid(id));
    assertThat(PointIds.uuid("1-1-1-1-1").version()).isEqualTo(5);
  }

  @Test
  void an_id_of_any_characters_has_a_point() {
    assertThat(PointIds.uuid("ürün/7 🧦").version()).isEqualTo(5);
    assertThat(PointIds.uuid(" ")).isNotEqualTo(PointIds.uuid("  "));
  }

  @Test
  void the_uuid_that_another_id_gets_is_a_name_too() {
    String made = PointIds.uuid("user123").toString();

    assertThat(PointIds.uuid(made)).isNotEqualTo(PointIds.uuid("user123"));
    assertThat(PointIds.uuid(made).version()).isEqualTo(5);
    assertThat(PointIds.text(made)).isEqualTo(PointIds.uuid(made).toString());
  }

  /** Each is made of the one before it, and of one that is like it. */
  @Test
  void no_two_ids_share_a_point() {
    Set<String> ids = new HashSet<>();
    Random random = new Random(15);
    for (int i = 0; i < 2_000; i++) {
      String id =
          random.nextBoolean()
              ? new UUID(random.nextLong(), random.nextLong()).toString()
              : "id-" + i;
      for (int step = 0; step < 4; step++) {
        ids.add(id);
        ids.add(id.toUpperCase(Locale.ROOT));
        ids.add(id.replace("-", ""));
        ids.add(id + " ");
        ids.add(id.replace('a', '\u00e4'));
        ids.add(id.replace("a", "a\u0308"));
        id = PointIds.text(id);
      }
    }
    Map<String, String> idOfPoint = new HashMap<>();
    for (String id : ids) {
      assertThat(idOfPoint.put(PointIds.text(id), id))
          .as("the other id at the point of %s", id)
          .isNull();
    }
  }
}
