package io.vectorstream.embedding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/** The inputs of one run of a model, outside the heap. They grow as needed and are used again. */
final class TokenBuffers {
  private LongBuffer ids = direct(0);
  private LongBuffer mask = direct(0);
  private LongBuffer types = direct(0);
  private LongBuffer positions = direct(0);

  /** Writes the texts, each padded to the longest. Returns the number of tokens of the longest. */
  int fill(List<long[]> tokens) {
    int longest = tokens.stream().mapToInt(row -> row.length).max().orElse(0);
    int size = tokens.size() * longest;
    if (ids.capacity() < size) {
      ids = direct(size);
      mask = direct(size);
      types = direct(size);
      positions = direct(size);
    }
    ids.clear();
    mask.clear();
    positions.clear();
    for (long[] row : tokens) {
      ids.put(row);
      for (int token = 0; token < longest; token++) {
        mask.put(token < row.length ? 1 : 0);
        positions.put(token);
        if (token >= row.length) {
          ids.put(0);
        }
      }
    }
    ids.flip();
    mask.flip();
    positions.flip();
    types.clear().limit(size);
    return longest;
  }

  /** Returns the values of the model's input of this name. */
  LongBuffer values(String input) {
    return switch (input) {
      case ModelShape.IDS -> ids;
      case ModelShape.MASK -> mask;
      case ModelShape.TYPES -> types;
      case ModelShape.POSITIONS -> positions;
      default -> throw new IllegalArgumentException("no values for the input " + input);
    };
  }

  private static LongBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size * Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }
}
