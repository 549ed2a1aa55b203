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
        "q:1234567890123456789:ab"
      })
  void anything_else_is_no_mark(String text) {
    assertThat(BatchMark.parse(text)).isEmpty();
    assertThat(new BatchMark("q", 0, "ab").isBefore(text)).isFalse();
  }

  @Test
  void a_settled_mark_is_no_mark_any_more() {
    assertThat(MARK.settled()).startsWith(MARK.toString());
    assertThat(BatchMark.parse(MARK.settled())).isEmpty();
    assertThat(BatchMark.parseSettled(MARK.settled())).contains(MARK);
    assertThat(BatchMark.parseSettled(MARK.toString())).isEmpty();
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
