package io.vectorstream.local.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Fixed-width numbers in byte arrays; big-endian, so that keys sort as their numbers do. */
final class Bytes {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  static int putLong(byte[] target, int at, long value) {
    LONG.set(target, at, value);
    return at + Long.BYTES;
  }

  static long getLong(byte[] source, int at) {
    return (long) LONG.get(source, at);
  }

  static int putInt(byte[] target, int at, int value) {
    INT.set(target, at, value);
    return at + Integer.BYTES;
  }

  static int getInt(byte[] source, int at) {
    return (int) INT.get(source, at);
  }

  static byte[] ofFloats(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static float[] toFloats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Returns the first key behind all keys with this prefix; the prefix must not be all 0xFF. */
  static byte[] after(byte[] prefix) {
    byte[] next = prefix.clone();
    for (int i = next.length - 1; i >= 0; i--) {
      if (++next[i] != 0) {
        return next;
      }
    }
    throw new IllegalArgumentException("no key sorts behind this prefix");
  }
}
