package io.vectorstream.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartNumberTest {

  @Test
  void a_part_number_is_a_term_as_a_whole_and_so_are_its_parts() {
    assertThat(PartNumber.terms("WH-1000XM4"))
        .containsExactly("wh1000xm4", "wh", "1000xm4", "1000", "xm");
    assertThat(PartNumber.terms("(6204/2RS).")).containsExactly("62042rs", "6204", "2rs", "rs");
  }

  @Test
  void it_is_the_same_however_it_is_separated_and_in_wide_letters() {
    for (String written : new String[] {"wh1000xm4", "WH1000-XM4", "ＷＨ－１０００ＸＭ４", "WH_1000.XM4,"}) {
      assertThat(PartNumber.terms(written)).first().isEqualTo("wh1000xm4");
    }
  }

  @Test
  void single_characters_are_no_parts_but_may_be_a_whole() {
    assertThat(PartNumber.terms("a-1-b2")).containsExactly("a1b2", "b2");
    assertThat(PartNumber.terms("7")).containsExactly("7");
    assertThat(PartNumber.terms("---")).isEmpty();
  }

  @Test
  void what_has_a_digit_is_one_unless_its_script_has_no_blanks() {
    assertThat(PartNumber.is("4k")).isTrue();
    assertThat(PartNumber.is("boots")).isFalse();
    assertThat(PartNumber.is("苹果手机15")).isFalse();
    assertThat(PartNumber.is("ΑΒ-12")).isTrue();
  }

  @Test
  void sizes_and_small_numbers_name_no_product() {
    assertThat(PartNumber.name("WF-2047B")).hasValue("wf2047b");
    assertThat(PartNumber.name("12345")).hasValue("12345");
    assertThat(PartNumber.name("4k")).isEmpty();
    assertThat(PartNumber.name("1000")).isEmpty();
    assertThat(PartNumber.name("boots")).isEmpty();
  }
}
