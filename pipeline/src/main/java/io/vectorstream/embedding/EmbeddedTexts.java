package io.vectorstream.embedding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.collect.Iterables;
import io.vectorstream.embedding.EmbeddingService.Embedded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The vectors of texts, in a bounded cache. A text is computed once, even when several threads ask
 * for it at the same time.
 */
final class EmbeddedTexts implements TextBatches.Outcome {
  /** The texts that are tokenized and sorted together, which limits the memory of a call. */
  private static final int WINDOW = 1024;

  private final Cache<TextKey, float[]> vectors;

  /** The texts that are being computed. A thread that asks for one of them waits for it. */
  private final Map<TextKey, CompletableFuture<float[]>> inFlight = new ConcurrentHashMap<>();

  private final LongAdder requests = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder computed = new LongAdder();

  EmbeddedTexts(int cacheEntries) {
    this.vectors = Caffeine.newBuilder().maximumSize(cacheEntries).build();
  }

  /** Returns a vector that is in the cache. Not counted as a request. */
  Optional<float[]> cached(TextKey key) {
    return Optional.ofNullable(vectors.getIfPresent(key));
  }

  /** Returns a vector that is in the cache. If it is, that counts as a request. */
  Optional<float[]> request(TextKey key) {
    Optional<float[]> known = cached(key);
    if (known.isPresent()) {
      requests.increment();
      hits.increment();
    }
    return known;
  }

  /** Puts a vector into the cache that was made elsewhere, unless the text is there already. */
  void remember(TextKey key, float[] vector) {
    vectors.asMap().putIfAbsent(key, vector);
  }

  /** Puts a vector into the cache that was asked for, and computed, outside of {@link #ask}. */
  void computed(TextKey key, float[] vector) {
    computed.increment();
    vectors.put(key, vector);
  }

  /** Counts a request for a text that is not in the cache. */
  void requested() {
    requests.increment();
  }

  /**
   * Computes texts, or waits for other threads that do.
   *
   * @param batches computes, and reports to this
   */
  Embedded ask(List<String> texts, TextBatches batches, TimeLimit limit) {
    List<CompletableFuture<float[]>> asked = new ArrayList<>(texts.size());
    List<ClaimedText> mine = new ArrayList<>();
    try {
      for (String text : texts) {
        asked.add(claim(text, mine));
      }
      requests.add(texts.size());
      hits.add(texts.size() - mine.size());
      // Computes its own texts before it waits for those of other threads, which excludes a
      // deadlock.
      for (int from = 0; from < mine.size(); from += WINDOW) {
        batches.compute(mine.subList(from, Math.min(from + WINDOW, mine.size())), limit);
      }
    } catch (Throwable e) {
      // Out of memory, for example. No thread may be left waiting; computed vectors are kept.
      mine.forEach(text -> fail(text, e));
      throw e;
    }
    return collect(texts, asked, batches, limit);
  }

  /** Returns the future of the text's vector; adds the text to {@code mine} if it is new. */
  private CompletableFuture<float[]> claim(String text, List<ClaimedText> mine) {
    TextKey key = TextKey.of(text);
    float[] known = vectors.getIfPresent(key);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    ClaimedText claimed = new ClaimedText(key, text, new CompletableFuture<>());
    CompletableFuture<float[]> others = inFlight.putIfAbsent(key, claimed.vector());
    if (others != null) {
      return others;
    }
    // Another thread may have finished it between the two checks.
    known = vectors.getIfPresent(key);
    if (known != null) {
      complete(claimed, known);
    } else {
      mine.add(claimed);
    }
    return claimed.vector();
  }

  @Override
  public void finish(ClaimedText text, float[] vector) {
    computed.increment();
    complete(text, vector);
  }

  private void complete(ClaimedText text, float[] vector) {
    vectors.put(text.key(), vector);
    inFlight.remove(text.key(), text.vector());
    text.vector().complete(vector);
  }

  @Override
  public void fail(ClaimedText text, Throwable cause) {
    inFlight.remove(text.key(), text.vector());
    text.vector().completeExceptionally(cause);
  }

  private Embedded collect(
      List<String> texts,
      List<CompletableFuture<float[]>> asked,
      TextBatches batches,
      TimeLimit limit) {
    List<float[]> results = new ArrayList<>(texts.size());
    Map<String, Throwable> failed = new LinkedHashMap<>();
    Set<String> left = new LinkedHashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      float[] vector = null;
      try {
        vector = asked.get(i).get(limit.leftNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        left.add(texts.get(i));
      } catch (ExecutionException e) {
        if (waits(e.getCause(), limit)) {
          left.add(texts.get(i));
        } else {
          failed.putIfAbsent(texts.get(i), e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddingException("interrupted while another thread computed a text", e);
      }
      results.add(vector);
    }
    if (limit.isNone() && !left.isEmpty()) {
      // Another thread had claimed them, and had no time for them. This one has.
      return ask(texts, batches, limit);
    }
    List<EmbeddingException.FailedText> failures = new ArrayList<>();
    failed.forEach(
        (text, cause) ->
            failures.add(new EmbeddingException.FailedText(text, PlainModel.reason(cause))));
    return new Embedded(results, failures, Iterables.getFirst(failed.values(), null), left);
  }

  /**
   * Returns whether a text may be asked for later.
   *
   * @throws EmbeddingException if it may, but the caller has no later
   */
  private static boolean waits(Throwable cause, TimeLimit limit) {
    if (cause instanceof ServerAwayException away) {
      if (limit.isNone()) {
        throw new EmbeddingException(away.getMessage(), away);
      }
      return true;
    }
    return cause instanceof TextBatches.NoTimeException;
  }

  long requests() {
    return requests.sum();
  }

  long hits() {
    return hits.sum();
  }

  long computed() {
    return computed.sum();
  }
}
