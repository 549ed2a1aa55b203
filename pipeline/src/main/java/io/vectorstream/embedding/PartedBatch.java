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

  private final List<TokenBuffers> buffers = new ArrayList<>();
  private final ExecutorService others;
  private final Part part;

  /** The computation of one part, in buffers that no other thread uses meanwhile. */
  interface Part {
    List<float[]> embed(List<long[]> tokens, TokenBuffers buffers);
  }

  /**
   * @param threads parts at a time; with 1 a batch stays whole
   */
  PartedBatch(int threads, Part part) {
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
    int count = 1;
    if (buffers.size() > 1) {
      long all = tokens.stream().mapToLong(row -> row.length).sum();
      long rounds = Math.max(1, Math.round((double) all / TOKENS / buffers.size()));
      count = (int) Math.min(texts, rounds * buffers.size());
    }
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
