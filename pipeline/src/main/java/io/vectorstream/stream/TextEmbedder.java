package io.vectorstream.stream;

import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingService.Embedded;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.trace.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** The embedding of texts within a time limit; texts beyond it wait. */
public final class TextEmbedder {

  private final EmbeddingService embeddings;
  private final LongConsumer takenNanos;
  private final LongConsumer leftOver;
  private Duration left;

  /**
   * @param limit the time for all of its calls together
   * @param takenNanos receives the duration of each call
   * @param leftOver receives the number of texts that each call leaves over
   */
  public TextEmbedder(
      EmbeddingService embeddings, Duration limit, LongConsumer takenNanos, LongConsumer leftOver) {
    this.embeddings = embeddings;
    this.left = limit;
    this.takenNanos = takenNanos;
    this.leftOver = leftOver;
  }

  /** A way to embed texts within a time. */
  private interface Work {
    Embedded embed(List<String> texts, Duration atMost);
  }

  /**
   * @param texts of products, by key
   * @return the embeddings that there was time for, and all that are known already
   */
  TextVectors embed(Map<String, String> texts) {
    return embed(texts, embeddings::embedEach);
  }

  /** Embeds what users have searched for, in the same way. */
  TextVectors embedQueries(Map<String, String> texts) {
    return embed(texts, embeddings::embedQueries);
  }

  private TextVectors embed(Map<String, String> texts, Work work) {
    long start = System.nanoTime();
    Embedded embedded;
    try (Step step = Step.begin("embed").with("vectorstream.texts", texts.size())) {
      embedded = step.watching(() -> work.embed(List.copyOf(texts.values()), left));
      step.with("vectorstream.pending_texts", embedded.left().size());
    }
    long taken = System.nanoTime() - start;
    left = left.minusNanos(taken);
    takenNanos.accept(taken);
    leftOver.accept(embedded.left().size());
    return TextVectors.of(texts, embedded);
  }
}
