package io.vectorstream.local.probe;

import io.vectorstream.shop.Product;
import io.vectorstream.store.ProductCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Vectors to search by, near those of stored products, no two of them the same. A wholly random one
 * would be far from every product, which no search of a user is.
 */
public final class NearbyVectors {
  /** The products that they are near to. */
  private static final int SAMPLE = 1000;

  /**
   * The length of what is added to a vector of length 1: the two have a cosine of 0.7, about that
   * of a query and a product that it means.
   */
  private static final double AWAY = 1;

  /** Those of no product. */
  static final NearbyVectors NONE = new NearbyVectors(List.of(), new SplittableRandom(0));

  private final List<float[]> stored;
  private final SplittableRandom random;

  private NearbyVectors(List<float[]> stored, SplittableRandom random) {
    this.stored = stored;
    this.random = random;
  }

  /** Reads the vectors of some of these products; those that are not stored have none. */
  static NearbyVectors read(ProductCollection collection, List<Product> products, long seed) {
    int some = Math.min(SAMPLE, products.size());
    List<String> ids =
        IntStream.range(0, some)
            .mapToObj(i -> products.get((int) ((long) i * products.size() / some)).id())
            .toList();
    return new NearbyVectors(
        new ArrayList<>(collection.vectors(ids).values()), new SplittableRandom(seed));
  }

  /**
   * @param stored at least one, each L2-normalised
   */
  public static NearbyVectors of(List<float[]> stored, long seed) {
    return new NearbyVectors(stored, new SplittableRandom(seed));
  }

  boolean isEmpty() {
    return stored.isEmpty();
  }

  /** Returns another one, L2-normalised. */
  public synchronized float[] next() {
    float[] vector = stored.get(random.nextInt(stored.size())).clone();
    double scale = AWAY / Math.sqrt(vector.length);
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (scale * random.nextGaussian());
      squares += vector[i] * vector[i];
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }
}
