package io.vectorstream.embedding;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on a device whose memory may be too small: a batch that does not fit is halved until it
 * does. The size that fitted is kept for a while only: another program may have used the rest.
 */
final class ShrinkingModel implements EmbeddingModel {
  private static final Logger log = LoggerFactory.getLogger(ShrinkingModel.class);
  static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final EmbeddingModel model;
  private final InstantSource clock;

  /** The limit of tokens in one batch, padding included, until {@link #until}. */
  private long mostTokens = Long.MAX_VALUE;

  private Instant until = Instant.MIN;

  ShrinkingModel(EmbeddingModel model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    if (!clock.instant().isBefore(until)) {
      mostTokens = Long.MAX_VALUE;
    }
    int longest = tokens.stream().mapToInt(row -> row.length).max().orElse(1);
    int texts = (int) Math.max(1, Math.min(tokens.size(), mostTokens / longest));
    List<float[]> vectors = new ArrayList<>(tokens.size());
    for (int from = 0; from < tokens.size(); from += texts) {
      vectors.addAll(
          embedOrHalve(tokens.subList(from, Math.min(from + texts, tokens.size())), longest));
    }
    return vectors;
  }

  private List<float[]> embedOrHalve(List<long[]> tokens, int longest) {
    try {
      return model.embed(tokens);
    } catch (RuntimeException e) {
      if (tokens.size() == 1 || !DeviceMemory.isExhausted(e)) {
        throw e;
      }
      int half = tokens.size() / 2;
      mostTokens = (long) half * longest;
      until = clock.instant().plus(REMEMBERED);
      log.info(
          "the {} has no memory for {} texts of {} tokens; batches are half as large for {}"
              + " minutes",
          model.engine().device(),
          tokens.size(),
          longest,
          REMEMBERED.toMinutes());
      List<float[]> vectors = new ArrayList<>(embedOrHalve(tokens.subList(0, half), longest));
      vectors.addAll(embedOrHalve(tokens.subList(half, tokens.size()), longest));
      return vectors;
    }
  }

  @Override
  public EngineInfo engine() {
    return model.engine();
  }

  @Override
  public void close() {
    model.close();
  }
}
