package io.vectorstream.local.store;

/** The dot products of one vector with a block of them: the inner loop of nearly every search. */
interface BlockProducts {

  /**
   * With the machine's wide instructions where the JVM was started with {@code --add-modules
   * jdk.incubator.vector}, as {@code ./vectorstream} does; otherwise with what the compiler makes
   * of a plain loop, which takes twice the time or more.
   */
  BlockProducts FASTEST =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? new SimdBlockProducts()
          : new PlainBlockProducts();

  /**
   * @param query one coordinate after the other
   * @param block as {@link Similarity} has it: coordinate {@code c} of vector {@code v} is at
   *     {@code c * WIDTH + v}
   * @param products where they go, {@link Similarity#WIDTH} of them
   * @param at where in {@code products}
   */
  void of(float[] query, float[] block, float[] products, int at);
}
