package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchMarkTest {

  private static final BatchMark MARK =
      new BatchMark("0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77", 41, "0a1b2c3d");

  @Test
  void a_mark_comes_back_from_its_text() {
    assertThat(MARK).hasToString("0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77:41:0a1b2c3d");
    assertThat(BatchMark.parse(MARK.toString())).contains(MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "q",
        "q:1",
        "q:1:",
        ":1:ab",
        "q:x:ab",
        "q:-1:ab",
        "q:1:XY",
        "q:1:ab:cd",
        "q:1:ab\n",
        "q:1:ab.",
        "q:1:ab.x",
        "q:1:ab.1.2",
        "q:1234567890123456789:ab"
      })
  void anything_else_is_no_mark(String text) {
    assertThat(BatchMark.parse(text)).isEmpty();
    assertThat(new BatchMark("q", 0, "ab").isBefore(text)).isFalse();
  }

  @Test
  void a_settled_mark_is_no_mark_any_more() {
    assertThat(BatchMark.parse(MARK + ":settled")).isEmpty();
    assertThat(BatchMark.parseSettled(MARK + ":settled")).contains(MARK);
    assertThat(BatchMark.parseSettled(MARK.toString())).isEmpty();
  }

  @Test
  void the_parts_of_a_batch_have_names_of_their_own() {
    BatchMark part = MARK.part(12);

    assertThat(part).hasToString(MARK + ".12").isNotEqualTo(MARK.part(1));
    assertThat(BatchMark.parse(part.toString())).contains(part);
    assertThat(part.part()).isEqualTo(12);
    assertThat(part.whole()).isEqualTo(MARK);
    assertThat(part.part(13)).isEqualTo(MARK.part(13));
    assertThat(MARK.part()).isZero();
    assertThat(MARK.whole()).isEqualTo(MARK);
  }

  @Test
  void a_batch_knows_its_own_parts_and_no_others() {
    assertThat(MARK.part(3).isOfSameBatch(MARK.toString())).isTrue();
    assertThat(MARK.part(3).isOfSameBatch(MARK.part(0).toString())).isTrue();
    assertThat(MARK.isOfSameBatch(mark(MARK.queryId(), 41))).isFalse();
    assertThat(MARK.isOfSameBatch(mark(MARK.queryId(), 42))).isFalse();
    assertThat(MARK.isOfSameBatch(MARK + ":settled")).isFalse();
    assertThat(MARK.part(3).isBefore(MARK.part(4).toString())).isFalse();
  }

  @Test
  void a_mark_is_before_the_later_ones_of_the_same_query_alone() {
    assertThat(MARK.isBefore(mark(MARK.queryId(), 42))).isTrue();
    assertThat(MARK.isBefore(mark(MARK.queryId(), 41))).isFalse();
    assertThat(MARK.isBefore(mark(MARK.queryId(), 40))).isFalse();
    assertThat(MARK.isBefore(mark(MARK.queryId(), 100))).isTrue();
    assertThat(MARK.isBefore(mark(MARK.queryId(), 5))).isFalse();
    assertThat(MARK.isBefore(mark("another", 42))).isFalse();
  }

  private static String mark(String queryId, long number) {
    return new BatchMark(queryId, number, "ffff").toString();
  }
}
