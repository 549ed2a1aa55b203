package io.vectorstream.jmh.embedding;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The similarity of vectors to others of the same texts.
 *
 * @param meanCosine of each vector and its counterpart
 * @param overlapAt10 the share of a text's ten nearest texts that are the same among the others
 */
record VectorQuality(double meanCosine, double overlapAt10) {
  private static final int NEAREST = 10;

  /**
   * @param vectors L2-normalised, more than ten
   * @param expected likewise, of the same texts
   */
  static VectorQuality of(List<float[]> vectors, List<float[]> expected) {
    double cosines =
        IntStream.range(0, vectors.size())
            .mapToDouble(i -> dot(vectors.get(i), expected.get(i)))
            .average()
            .orElseThrow();
    double overlap =
        IntStream.range(0, vectors.size())
            .parallel()
            .mapToDouble(
                i -> {
                  Set<Integer> near = nearest(vectors, i);
                  near.retainAll(nearest(expected, i));
                  return (double) near.size() / NEAREST;
                })
            .average()
            .orElseThrow();
    return new VectorQuality(cosines, overlap);
  }

  private static Set<Integer> nearest(List<float[]> vectors, int text) {
    double[] cosines = new double[vectors.size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = dot(vectors.get(text), vectors.get(i));
    }
    return IntStream.range(0, cosines.length)
        .filter(i -> i != text)
        .boxed()
        .sorted((a, b) -> Double.compare(cosines[b], cosines[a]))
        .limit(NEAREST)
        .collect(Collectors.toSet());
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
