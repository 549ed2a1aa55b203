package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProductTextTest {

  @Test
  void name_description_and_category_are_joined_in_this_order() {
    assertThat(ProductText.of("Laptop 15", "Fast and light", "Electronics"))
        .isEqualTo("Laptop 15. Fast and light. Electronics");
  }

  @Test
  void empty_blank_and_missing_parts_leave_no_trace() {
    assertThat(ProductText.of("Laptop", "", "Electronics")).isEqualTo("Laptop. Electronics");
    assertThat(ProductText.of("Laptop", " \n\t", null)).isEqualTo("Laptop");
    assertThat(ProductText.of(null, null, null)).isEmpty();
  }

  @Test
  void any_white_space_becomes_one_space() {
    assertThat(ProductText.of("  Çay \u00a0 bardağı ", "6\n\n'lı\tset", "Mutfak\u3000"))
        .isEqualTo("Çay bardağı. 6 'lı set. Mutfak");
  }

  @Test
  void a_hash_is_the_first_half_of_the_sha_256_of_the_utf_8_bytes() {
    // printf abc | sha256sum; printf 'ışık' | sha256sum
    assertThat(ProductText.hash("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223");
    assertThat(ProductText.hash("ışık")).isEqualTo("d8cdbc413413f2c439c16890f631b1e8");
    assertThat(ProductText.hash("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb924");
  }
}
