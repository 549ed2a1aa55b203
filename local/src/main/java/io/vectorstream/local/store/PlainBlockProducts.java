package io.vectorstream.local.store;

/**
 * Products in small loops over neighbours, which a JVM's compiler may turn into wide instructions.
 */
final class PlainBlockProducts implements BlockProducts {

  private static final int WIDTH = Similarity.WIDTH;

  @Override
  public void of(float[] query, float[] block, float[] products, int at) {
    float[] sums = new float[WIDTH];
    int c = 0;
    for (int whole = query.length & ~3; c < whole; c += 4) {
      add(query[c], query[c + 1], query[c + 2], query[c + 3], block, c * WIDTH, sums);
    }
    for (; c < query.length; c++) {
      add(query[c], block, c * WIDTH, sums);
    }
    System.arraycopy(sums, 0, products, at, WIDTH);
  }

  private static void add(
      float q0, float q1, float q2, float q3, float[] block, int from, float[] sums) {
    for (int i = 0; i < WIDTH; i++) {
      sums[i] +=
          q0 * block[from + i]
              + q1 * block[from + WIDTH + i]
              + q2 * block[from + 2 * WIDTH + i]
              + q3 * block[from + 3 * WIDTH + i];
    }
  }

  private static void add(float q, float[] block, int from, float[] sums) {
    for (int i = 0; i < WIDTH; i++) {
      sums[i] += q * block[from + i];
    }
  }
}
