package io.vectorstream.embedding;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ways in which a text's token vectors become one vector, as Sentence Transformers name them;
 * the results of several ways stand one behind the other.
 */
record Pooling(List<Mode> modes) {

  static final Pooling MEAN = new Pooling(List.of(Mode.MEAN));

  /** One way. The order is that in which older configurations put several of them. */
  enum Mode {
    CLS("cls", "pooling_mode_cls_token"),
    MAX("max", "pooling_mode_max_tokens"),
    MEAN("mean", "pooling_mode_mean_tokens"),
    MEAN_SQRT_LENGTH("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
    WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
    LAST_TOKEN("lasttoken", "pooling_mode_lasttoken");

    /** What the fields of older configurations begin with. */
    static final String FLAG = "pooling_mode_";

    private final String text;
    private final String flag;

    Mode(String text, String flag) {
      this.text = text;
      this.flag = flag;
    }

    /** Returns the name in configurations since Sentence Transformers 5.4. */
    String text() {
      return text;
    }

    /** Returns the field of older configurations, true for each way in use. */
    String flag() {
      return flag;
    }

    static Optional<Mode> of(String text) {
      return Arrays.stream(values()).filter(mode -> mode.text.equals(text)).findFirst();
    }

    static String all() {
      return Arrays.stream(values()).map(Mode::text).collect(Collectors.joining(", "));
    }
  }

  Pooling {
    modes = List.copyOf(modes);
  }

  /**
   * @param texts names of modes
   * @throws IllegalArgumentException naming the one that is unknown
   */
  static Pooling of(List<String> texts) {
    return new Pooling(
        texts.stream()
            .map(
                text ->
                    Mode.of(text)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "'%s', expected one of %s, or several of them"
                                        .formatted(text, Mode.all()))))
            .toList());
  }

  boolean isMean() {
    return modes.equals(MEAN.modes);
  }

  /**
   * Pools one text.
   *
   * @param hidden vectors of tokens, one behind the other
   * @param start the place of the first token's first number
   * @param tokens of the text, padding not included; one at least
   * @param width numbers of a token's vector
   */
  float[] pool(float[] hidden, int start, int tokens, int width) {
    float[] pooled = new float[modes.size() * width];
    for (int i = 0; i < modes.size(); i++) {
      pool(modes.get(i), hidden, start, tokens, width, pooled, i * width);
    }
    return pooled;
  }

  private static void pool(
      Mode mode, float[] hidden, int start, int tokens, int width, float[] into, int at) {
    switch (mode) {
      case CLS -> System.arraycopy(hidden, start, into, at, width);
      case LAST_TOKEN -> System.arraycopy(hidden, start + (tokens - 1) * width, into, at, width);
      case MAX -> max(hidden, start, tokens, width, into, at);
      case MEAN -> sum(hidden, start, tokens, width, into, at, false, 1f / tokens);
      case MEAN_SQRT_LENGTH ->
          sum(hidden, start, tokens, width, into, at, false, (float) (1 / Math.sqrt(tokens)));
      case WEIGHTED_MEAN ->
          sum(hidden, start, tokens, width, into, at, true, 2f / ((float) tokens * (tokens + 1)));
    }
  }

  private static void max(float[] hidden, int start, int tokens, int width, float[] into, int at) {
    System.arraycopy(hidden, start, into, at, width);
    for (int token = 1; token < tokens; token++) {
      for (int i = 0; i < width; i++) {
        into[at + i] = Math.max(into[at + i], hidden[start + token * width + i]);
      }
    }
  }

  /**
   * @param weighted whether the first token counts once, the second twice, and so on
   */
  private static void sum(
      float[] hidden,
      int start,
      int tokens,
      int width,
      float[] into,
      int at,
      boolean weighted,
      float factor) {
    for (int token = 0; token < tokens; token++) {
      float weight = weighted ? token + 1 : 1;
      int from = start + token * width;
      for (int i = 0; i < width; i++) {
        into[at + i] += weight * hidden[from + i];
      }
    }
    for (int i = at; i < at + width; i++) {
      into[i] *= factor;
    }
  }

  @Override
  public String toString() {
    return modes.stream().map(Mode::text).collect(Collectors.joining(","));
  }
}
