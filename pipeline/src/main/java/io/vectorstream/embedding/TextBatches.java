package io.vectorstream.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The computation of texts in batches of about equal length. A text that the model fails on does
 * not affect the others.
 */
final class TextBatches {
  private final Tokenizer tokenizer;
  private final EmbeddingModel model;
  private final int batchSize;
  private final Outcome outcome;

  private final Turns turns;

  /** The turns of threads that use the model. */
  interface Turns {
    /** Runs a part of the work while no other thread uses the model. */
    <T> T inUse(Supplier<T> work);
  }

  /** The receiver of what becomes of each text. */
  interface Outcome {
    void finish(ClaimedText text, float[] vector);

    void fail(ClaimedText text, Throwable cause);
  }

  /** The failure of a text for which the thread that has claimed it has no time left. */
  static final class NoTimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NoTimeException() {
      super("there is no time for it", null, false, false);
    }
  }

  TextBatches(
      Tokenizer tokenizer, EmbeddingModel model, int batchSize, Turns turns, Outcome outcome) {
    this.turns = turns;
    this.tokenizer = tokenizer;
    this.model = model;
    this.batchSize = batchSize;
    this.outcome = outcome;
  }

  void compute(List<ClaimedText> claimed, TimeLimit limit) {
    if (limit.isOver()) {
      claimed.forEach(text -> outcome.fail(text, new NoTimeException()));
      return;
    }
    List<ClaimedText> readable = new ArrayList<>(claimed.size());
    List<long[]> tokens = new ArrayList<>(claimed.size());
    for (int from = 0; from < claimed.size(); from += batchSize) {
      tokenize(claimed.subList(from, Math.min(from + batchSize, claimed.size())), readable, tokens);
    }
    for (int[] batch : model.batches(tokens, batchSize)) {
      List<ClaimedText> texts = new ArrayList<>(batch.length);
      List<long[]> rows = new ArrayList<>(batch.length);
      for (int place : batch) {
        texts.add(readable.get(place));
        rows.add(tokens.get(place));
      }
      if (limit.isOver()) {
        texts.forEach(text -> outcome.fail(text, new NoTimeException()));
      } else {
        run(texts, rows);
        limit.hasWorked();
      }
    }
  }

  private void tokenize(List<ClaimedText> texts, List<ClaimedText> readable, List<long[]> tokens) {
    try {
      tokens.addAll(
          turns.inUse(() -> tokenizer.tokenize(texts.stream().map(ClaimedText::text).toList())));
      readable.addAll(texts);
    } catch (RuntimeException e) {
      oneByOne(texts, e, i -> tokenize(texts.subList(i, i + 1), readable, tokens));
    }
  }

  private void run(List<ClaimedText> texts, List<long[]> tokens) {
    try {
      List<float[]> results = turns.inUse(() -> model.embed(tokens));
      for (int i = 0; i < texts.size(); i++) {
        outcome.finish(texts.get(i), results.get(i));
      }
    } catch (ServerAwayException e) {
      // No text is the cause, and each of them alone would wait for the server once more.
      texts.forEach(text -> outcome.fail(text, e));
    } catch (RuntimeException e) {
      oneByOne(texts, e, i -> run(texts.subList(i, i + 1), tokens.subList(i, i + 1)));
    }
  }

  /** Computes texts one by one, so that a bad text does not make its batch fail. */
  private void oneByOne(List<ClaimedText> texts, RuntimeException failure, IntConsumer again) {
    if (texts.size() == 1) {
      outcome.fail(texts.get(0), failure);
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      again.accept(i);
    }
  }
}
