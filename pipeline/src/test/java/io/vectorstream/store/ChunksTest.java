package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Iterators;
import com.google.common.collect.Lists;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunksTest {

  @Test
  void small_things_are_cut_by_number() {
    assertThat(chunks(3, 1, 2, 3, 4, 5, 6, 7))
        .containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L), List.of(7L));
    assertThat(chunks(3, 1, 2, 3)).containsExactly(List.of(1L, 2L, 3L));
    assertThat(chunks(1, 1, 2)).containsExactly(List.of(1L), List.of(2L));
  }

  @Test
  void nothing_gives_no_list() {
    assertThat(chunks(3)).isEmpty();
    assertThatThrownBy(Chunks.of(List.<Long>of().iterator(), 3, size -> size)::next)
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void large_things_are_cut_by_size() {
    long half = Chunks.LARGEST / 2;

    assertThat(chunks(100, half, half, half, half, 1))
        .containsExactly(List.of(half, half), List.of(half, half), List.of(1L));
    assertThat(chunks(100, half, half + 1, half))
        .containsExactly(List.of(half), List.of(half + 1), List.of(half));
  }

  @Test
  void a_thing_that_is_too_large_goes_alone() {
    long huge = 3 * Chunks.LARGEST;

    assertThat(chunks(100, 1, huge, huge, 2, 3))
        .containsExactly(List.of(1L), List.of(huge), List.of(huge), List.of(2L, 3L));
  }

  @Test
  void nothing_is_lost_and_no_list_is_smaller_than_it_has_to_be() {
    Random random = new Random(1);
    List<Long> things =
        Stream.generate(() -> (long) (Math.pow(random.nextDouble(), 8) * 2 * Chunks.LARGEST))
            .limit(10_000)
            .toList();

    List<List<Long>> chunks = Lists.newArrayList(Chunks.of(things.iterator(), 20, size -> size));

    assertThat(chunks.stream().flatMap(List::stream)).containsExactlyElementsOf(things);
    for (int i = 0; i < chunks.size(); i++) {
      List<Long> chunk = chunks.get(i);
      assertThat(chunk).isNotEmpty().hasSizeLessThanOrEqualTo(20);
      assertThat(chunk.size() == 1 || sum(chunk) <= Chunks.LARGEST).isTrue();
      if (i + 1 < chunks.size()) {
        boolean nextFits = sum(chunk) + chunks.get(i + 1).get(0) <= Chunks.LARGEST;
        assertThat(chunk.size() == 20 || !nextFits).isTrue();
      }
    }
  }

  @Test
  void things_are_taken_only_as_far_as_they_are_asked_for() {
    Iterator<Long> endless = Iterators.cycle(1L);

    assertThat(Chunks.of(endless, 5, size -> size).next()).hasSize(5);
  }

  private static List<List<Long>> chunks(int count, long... sizes) {
    Iterator<Long> things = LongStream.of(sizes).iterator();
    return Lists.newArrayList(Chunks.of(things, count, size -> size));
  }

  private static long sum(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }
}
