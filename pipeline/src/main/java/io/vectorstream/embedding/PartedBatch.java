package io.vectorstream.embedding;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The computation of a batch in parts, several at a time, each by one thread. */
final class PartedBatch implements AutoCloseable {

  /** The approximate tokens of a part: intermediate results of a layer fit a core's cache. */
  private static final int TOKENS = 384;

  /** The same in int8, where a part has one scale for each of its intermediate results. */
  static final int TOKENS_IN_INT8 = 128;

  private static final int WHOLE = Integer.MAX_VALUE;

  private final List<TokenBuffers> buffers = new ArrayList<>();
  private final int tokensOfPart;
  private final ExecutorService others;
  private final Part part;

  /** The computation of one part, in buffers that no other thread uses meanwhile. */
  interface Part {
    List<float[]> embed(List<long[]> tokens, TokenBuffers buffers);
  }

  /** Returns the approximate tokens of a part but for int8: one thread computes a batch whole. */
  static int tokensOfPart(int threads) {
    return threads == 1 ? WHOLE : TOKENS;
  }

  /**
   * @param threads parts at a time
   * @param tokens the approximate number of tokens of a part
   */
  PartedBatch(int threads, int tokens, Part part) {
    this.tokensOfPart = tokens;
    this.part = part;
    for (int i = 0; i < threads; i++) {
      buffers.add(new TokenBuffers());
    }
    this.others =
        Executors.newCachedThreadPool(
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("embedding-%d").build());
  }

  /** Embeds a batch. Called by one thread at a time, which computes as well. */
  List<float[]> embed(List<long[]> tokens) {
    List<int[]> cuts = cut(tokens);
    float[][] vectors = new float[tokens.size()][];
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> helpers = new ArrayList<>();
    for (int i = 1; i < Math.min(buffers.size(), cuts.size()); i++) {
      TokenBuffers own = buffers.get(i);
      helpers.add(CompletableFuture.runAsync(() -> work(tokens, cuts, next, own, vectors), others));
    }
    Throwable failure = null;
    try {
      work(tokens, cuts, next, buffers.get(0), vectors);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    // Waits for all of them, also after a failure: the buffers may not be filled again before.
    for (CompletableFuture<Void> helper : helpers) {
      try {
        helper.join();
      } catch (CompletionException e) {
        failure = failure == null ? e.getCause() : failure;
      }
    }
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
    }
    return Arrays.asList(vectors);
  }

  /** Divides into parts of neighbours with equally many texts, one for each thread if possible. */
  private List<int[]> cut(List<long[]> tokens) {
    int texts = tokens.size();
    long all = tokens.stream().mapToLong(row -> row.length).sum();
    long rounds = Math.max(1, Math.round((double) all / tokensOfPart / buffers.size()));
    int count = (int) Math.min(texts, rounds * buffers.size());
    List<int[]> cuts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      // The last parts first: batches come sorted, and the longest texts should not start last.
      int k = count - 1 - i;
      cuts.add(
          new int[] {(int) ((long) k * texts / count), (int) ((long) (k + 1) * texts / count)});
    }
    return cuts;
  }

  private void work(
      List<long[]> tokens,
      List<int[]> cuts,
      AtomicInteger next,
      TokenBuffers own,
      float[][] vectors) {
    for (int i = next.getAndIncrement(); i < cuts.size(); i = next.getAndIncrement()) {
      int from = cuts.get(i)[0];
      int to = cuts.get(i)[1];
      List<float[]> results = part.embed(tokens.subList(from, to), own);
      for (int text = from; text < to; text++) {
        vectors[text] = results.get(text - from);
      }
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
