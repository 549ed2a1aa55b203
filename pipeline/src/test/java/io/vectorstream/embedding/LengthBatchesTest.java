package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {

  @Test
  void every_text_is_in_one_batch_only() {
    List<long[]> texts = texts(new Random(7).ints(5000, 2, 257).toArray());

    int[] places =
        LengthBatches.cut(texts, 16).stream().flatMapToInt(Arrays::stream).sorted().toArray();

    assertThat(places).isEqualTo(IntStream.range(0, 5000).toArray());
  }

  @Test
  void texts_of_equal_length_fill_batches_up_to_the_limit() {
    List<long[]> texts = texts(IntStream.generate(() -> 20).limit(40).toArray());

    assertThat(LengthBatches.cut(texts, 16))
        .extracting(batch -> batch.length)
        .containsExactly(16, 16, 8);
  }

  @Test
  void a_short_text_is_not_padded_to_the_length_of_a_long_one() {
    List<long[]> texts = texts(200, 10, 210, 10);

    assertThat(LengthBatches.cut(texts, 16)).containsExactly(new int[] {1, 3}, new int[] {0, 2});
  }

  @Test
  void little_of_what_the_model_computes_is_padding() {
    List<long[]> texts = texts(new Random(7).ints(1000, 2, 257).toArray());

    long padded =
        LengthBatches.cut(texts, 16).stream()
            .mapToLong(batch -> batch.length * lengths(texts, batch).max().orElseThrow())
            .sum();

    long own = texts.stream().mapToLong(text -> text.length).sum();
    assertThat(padded).isLessThan(own * 105 / 100);
  }

  @Test
  void many_long_texts_do_not_make_a_batch_without_bounds() {
    List<long[]> texts = texts(IntStream.generate(() -> 512).limit(1024).toArray());

    assertThat(LengthBatches.cut(texts, 1024))
        .allSatisfy(batch -> assertThat(lengths(texts, batch).sum()).isLessThanOrEqualTo(65_536));
  }

  @Test
  void no_texts_make_no_batches() {
    assertThat(LengthBatches.cut(List.of(), 16)).isEmpty();
  }

  private static List<long[]> texts(int... lengths) {
    return Arrays.stream(lengths).mapToObj(long[]::new).toList();
  }

  private static LongStream lengths(List<long[]> texts, int[] batch) {
    return Arrays.stream(batch).mapToLong(place -> texts.get(place).length);
  }
}
