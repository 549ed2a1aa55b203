package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PartedBatchTest {

  @Test
  void vectors_come_in_the_order_of_their_texts() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      try (PartedBatch batch =
          new PartedBatch(threads, 384, (tokens, buffers) -> firstTokens(tokens))) {
        for (int texts : new int[] {0, 1, 2, 7, 64, 500}) {
          List<long[]> tokens = texts(texts, 40);
          assertThat(batch.embed(tokens)).containsExactlyElementsOf(firstTokens(tokens));
        }
      }
    }
  }

  @Test
  void every_thread_has_a_part_and_buffers_of_its_own() {
    CountDownLatch allAtWork = new CountDownLatch(4);
    Set<TokenBuffers> inUse = Collections.newSetFromMap(new ConcurrentHashMap<>());
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (PartedBatch batch =
        new PartedBatch(
            4,
            384,
            (tokens, buffers) -> {
              assertThat(inUse.add(buffers)).isTrue();
              threads.add(Thread.currentThread().getName());
              waitFor(allAtWork);
              inUse.remove(buffers);
              return firstTokens(tokens);
            })) {
      assertThat(batch.embed(texts(4, 10))).hasSize(4);
    }
    assertThat(threads).hasSize(4).contains(Thread.currentThread().getName());
  }

  @Test
  void one_thread_computes_a_batch_whole() {
    AtomicInteger parts = new AtomicInteger();
    try (PartedBatch batch =
        new PartedBatch(
            1,
            PartedBatch.tokensOfPart(1),
            (tokens, buffers) -> {
              parts.incrementAndGet();
              return firstTokens(tokens);
            })) {
      batch.embed(texts(64, 256));
    }
    assertThat(parts).hasValue(1);
  }

  @Test
  void one_thread_computes_small_parts_where_they_are_wanted() {
    AtomicInteger parts = new AtomicInteger();
    try (PartedBatch batch =
        new PartedBatch(
            1,
            PartedBatch.TOKENS_IN_INT8,
            (tokens, buffers) -> {
              parts.incrementAndGet();
              return firstTokens(tokens);
            })) {
      batch.embed(texts(16, 64));
    }
    assertThat(parts).hasValue(8);
  }

  @Test
  void long_texts_make_more_parts_than_threads() {
    Set<Integer> sizes = ConcurrentHashMap.newKeySet();
    try (PartedBatch batch =
        new PartedBatch(
            2,
            384,
            (tokens, buffers) -> {
              sizes.add(tokens.size());
              return firstTokens(tokens);
            })) {
      batch.embed(texts(16, 256));
      assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(1, 2));
      sizes.clear();
      batch.embed(texts(16, 4));
      assertThat(sizes).containsExactly(8);
    }
  }

  @Test
  void a_failure_in_any_part_fails_the_batch_when_nobody_computes_any_more() {
    for (long bad = 0; bad < 8; bad++) {
      long badText = bad;
      AtomicInteger running = new AtomicInteger();
      try (PartedBatch batch =
          new PartedBatch(
              4,
              384,
              (tokens, buffers) -> {
                running.incrementAndGet();
                try {
                  if (tokens.stream().anyMatch(row -> row[0] == badText)) {
                    throw new IllegalStateException("text " + badText);
                  }
                  return firstTokens(tokens);
                } finally {
                  running.decrementAndGet();
                }
              })) {
        assertThatThrownBy(() -> batch.embed(texts(8, 10)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("text " + badText);
        assertThat(running).hasValue(0);
      }
    }
  }

  @Test
  void texts_are_padded_to_the_longest_and_the_mask_tells_which_tokens_are_real() {
    TokenBuffers buffers = new TokenBuffers();
    buffers.fill(List.of(new long[100]));

    assertThat(buffers.fill(List.of(new long[] {7, 8}, new long[] {9, 10, 11}))).isEqualTo(3);

    assertThat(all(buffers, ModelShape.IDS)).containsExactly(7, 8, 0, 9, 10, 11);
    assertThat(all(buffers, ModelShape.MASK)).containsExactly(1, 1, 0, 1, 1, 1);
    assertThat(all(buffers, ModelShape.TYPES)).containsExactly(0, 0, 0, 0, 0, 0);
  }

  private static long[] all(TokenBuffers buffers, String input) {
    long[] values = new long[buffers.values(input).remaining()];
    buffers.values(input).get(values);
    return values;
  }

  /** Each begins with its number. */
  private static List<long[]> texts(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(text -> LongStream.range(text, text + length).toArray())
        .toList();
  }

  private static List<float[]> firstTokens(List<long[]> tokens) {
    return tokens.stream().map(row -> new float[] {row[0]}).toList();
  }

  private static void waitFor(CountDownLatch all) {
    all.countDown();
    try {
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
