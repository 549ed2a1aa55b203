package io.vectorstream.embedding;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The sizes of a BERT's intermediate results, where they enter a product with weights, as they were
 * measured on texts ({@link ActivationProbe}).
 *
 * @param layers from the first to the last
 */
record Activations(List<Layer> layers) {

  /** The ratio of a text's largest row to its median row, from which one scale is too coarse. */
  private static final float UNEVEN = 3;

  /** A place where an intermediate result enters a product. */
  enum Place {
    ATTENTION,
    ATTENDED,
    INTERMEDIATE,
    OUTPUT;

    /** Returns the name that a graph gives to what it measures here. */
    String in(int layer) {
      return "measured_" + name().toLowerCase(Locale.ROOT) + "_" + layer;
    }
  }

  /** The channels at the {@link Place}s of one layer. */
  record Layer(Channels attention, Channels attended, Channels intermediate, Channels output) {}

  /**
   * The channels of an intermediate result, over all texts.
   *
   * @param lowest the mean of the texts' lowest values of each channel
   * @param highest the mean of the texts' highest values
   * @param mean over all tokens
   * @param rowRatio the mean of the texts' ratios of the largest value in any row to that in the
   *     median row
   */
  record Channels(float[] lowest, float[] highest, float[] mean, float rowRatio) {

    /** Returns the middle of each channel's values. */
    float[] middle() {
      float[] middle = new float[lowest.length];
      for (int i = 0; i < middle.length; i++) {
        middle[i] = (lowest[i] + highest[i]) / 2;
      }
      return middle;
    }

    /** Returns how far each channel's values lie from its middle. */
    float[] reach() {
      float[] reach = new float[lowest.length];
      for (int i = 0; i < reach.length; i++) {
        reach[i] = (highest[i] - lowest[i]) / 2;
      }
      return reach;
    }

    /** Returns the means, counted from the middle. */
    float[] meanFromMiddle() {
      float[] from = middle();
      for (int i = 0; i < from.length; i++) {
        from[i] = mean[i] - from[i];
      }
      return from;
    }

    /** Returns whether a few rows are so large that one scale for all is too coarse for others. */
    boolean hasLargeRows() {
      return rowRatio >= UNEVEN;
    }
  }

  /** A collector of one place's values, text after text. */
  static final class Collector {
    private final double[] lowest;
    private final double[] highest;
    private final double[] sums;
    private double rowRatios;
    private int texts;
    private long tokens;

    Collector(int channels) {
      this.lowest = new double[channels];
      this.highest = new double[channels];
      this.sums = new double[channels];
    }

    /**
     * Adds a text.
     *
     * @param values row after row, one for each token
     * @throws IllegalArgumentException if they are not all finite numbers
     */
    void add(float[] values) {
      int channels = lowest.length;
      int rows = values.length / channels;
      float[] low = Arrays.copyOf(values, channels);
      float[] high = Arrays.copyOf(values, channels);
      float[] sum = new float[channels];
      float[] largest = new float[rows];
      for (int row = 0; row < rows; row++) {
        int start = row * channels;
        float most = 0;
        for (int i = 0; i < channels; i++) {
          float value = values[start + i];
          low[i] = Math.min(low[i], value);
          high[i] = Math.max(high[i], value);
          sum[i] += value;
          most = Math.max(most, Math.abs(value));
        }
        largest[row] = most;
      }
      for (int i = 0; i < channels; i++) {
        if (!Float.isFinite(low[i]) || !Float.isFinite(high[i])) {
          throw new IllegalArgumentException("an intermediate result is no finite number");
        }
        lowest[i] += low[i];
        highest[i] += high[i];
        sums[i] += sum[i];
      }
      Arrays.sort(largest);
      float median = largest[rows / 2];
      rowRatios += median > 0 ? largest[rows - 1] / median : 1;
      texts++;
      tokens += rows;
    }

    /** Returns the channels over all texts; there must be one. */
    Channels channels() {
      return new Channels(
          divided(lowest, texts),
          divided(highest, texts),
          divided(sums, tokens),
          (float) (rowRatios / texts));
    }

    private static float[] divided(double[] sums, long by) {
      float[] result = new float[sums.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) (sums[i] / by);
      }
      return result;
    }
  }
}
