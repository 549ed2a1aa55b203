package io.vectorstream.stream;

import java.util.function.LongSupplier;

/**
 * The failure that a part of a batch has more different product texts than the driver should hold.
 * Its events are stored, and none was counted, so it can be made smaller.
 */
final class TooManyTextsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * The limit of embeddings that pass through the driver in one part: users' interests are made of
   * them. One takes 1.6 kB, and Spark has it in memory up to three times.
   */
  static final long MOST = 50_000;

  private final long texts;

  private TooManyTextsException(long texts) {
    super("%,d different product texts, expected at most %,d at a time".formatted(texts, MOST));
    this.texts = texts;
  }

  /**
   * @param texts counts the different texts
   */
  static void check(LongSupplier texts) {
    long different = texts.getAsLong();
    if (different > MOST) {
      throw new TooManyTextsException(different);
    }
  }

  long texts() {
    return texts;
  }
}
