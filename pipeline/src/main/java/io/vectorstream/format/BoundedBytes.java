package io.vectorstream.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Bytes in memory, of which there may be a limited number: a small value can stand for a lot. */
final class BoundedBytes extends OutputStream {

  /** The most bytes of a value after it is decoded. Kafka's own records are seldom above 1 MB. */
  static final int MOST = 32 << 20;

  /** More bytes than that. */
  static final class TooManyException extends IOException {

    private static final long serialVersionUID = 1L;

    TooManyException() {
      super("more than %d MB".formatted(MOST >> 20));
    }
  }

  private final ByteArrayOutputStream bytes;

  /**
   * @param expected the number of bytes, roughly
   */
  BoundedBytes(int expected) {
    bytes = new ByteArrayOutputStream(Math.min(expected, MOST));
  }

  @Override
  public void write(int one) throws IOException {
    require(1);
    bytes.write(one);
  }

  @Override
  public void write(byte[] some, int from, int length) throws IOException {
    require(length);
    bytes.write(some, from, length);
  }

  private void require(int more) throws TooManyException {
    if (bytes.size() + (long) more > MOST) {
      throw new TooManyException();
    }
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
