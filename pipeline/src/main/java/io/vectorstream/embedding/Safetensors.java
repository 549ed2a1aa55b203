package io.vectorstream.embedding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A file of the safetensors format: the length of its header, the header in JSON, the numbers. DJL
 * reads it only into the arrays of an engine, and not in half precision; here a few tensors become
 * arrays of Java.
 */
final class Safetensors {
  /** The name that libraries give to the file of a model, or of a layer. */
  static final String NAME = "model.safetensors";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_HEADER = 100_000_000;

  private final Path file;
  private final JsonNode header;
  private final long dataStart;

  /**
   * A tensor's numbers, row by row.
   *
   * @param rows the first size, or 1 where there is one size only
   * @param columns the last size
   */
  record Table(int rows, int columns, float[] values) {}

  private Safetensors(Path file, JsonNode header, long dataStart) {
    this.file = file;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Reads the header.
   *
   * @throws IOException if the file cannot be read, or is none of this format
   */
  static Safetensors open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer length = read(channel, 0, Long.BYTES, file);
      long size = length.getLong();
      if (size <= 0 || size > LONGEST_HEADER) {
        throw new IOException(file + " is no safetensors file");
      }
      byte[] text = new byte[(int) size];
      read(channel, Long.BYTES, (int) size, file).get(text);
      return new Safetensors(file, JSON.readTree(text), Long.BYTES + size);
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no safetensors file", e);
    }
  }

  private static ByteBuffer read(FileChannel channel, long from, int size, Path file)
      throws IOException {
    if (from < 0 || size < 0 || from + size > channel.size()) {
      throw new IOException(
          "%s ends before its header or its numbers do; expected a whole safetensors file"
              .formatted(file));
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException(file + " ends while it is read");
      }
    }
    return bytes.flip();
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    header.fieldNames().forEachRemaining(names::add);
    names.remove("__metadata__");
    return names;
  }

  /**
   * Returns a tensor of one or two sizes; empty if there is none of that name.
   *
   * @throws IOException if its numbers are of another type than F32, F16 and BF16
   */
  Optional<Table> table(String name) throws IOException {
    JsonNode tensor = header.path(name);
    if (!tensor.isObject()) {
      return Optional.empty();
    }
    int[] shape =
        IntStream.range(0, tensor.path("shape").size())
            .map(i -> tensor.path("shape").path(i).asInt())
            .toArray();
    if (shape.length == 0 || shape.length > 2) {
      throw new IOException(
          "%s has the tensor %s with %d sizes; expected one or two"
              .formatted(file, name, shape.length));
    }
    int columns = shape[shape.length - 1];
    int rows = shape.length == 1 ? 1 : shape[0];
    return Optional.of(new Table(rows, columns, values(name, tensor, (long) rows * columns)));
  }

  private float[] values(String name, JsonNode tensor, long count) throws IOException {
    String type = tensor.path("dtype").asText();
    int bytes =
        switch (type) {
          case "F32" -> Float.BYTES;
          case "F16", "BF16" -> Short.BYTES;
          default ->
              throw new IOException(
                  "%s has the tensor %s in %s; expected F32, F16 or BF16"
                      .formatted(file, name, type));
        };
    long from = tensor.path("data_offsets").path(0).asLong(-1);
    long size = tensor.path("data_offsets").path(1).asLong(-1) - from;
    if (size != count * bytes || size > Integer.MAX_VALUE - Long.BYTES) {
      throw new IOException(
          "%s has the tensor %s in %d bytes; expected %d, and less than 2 GB"
              .formatted(file, name, size, count * bytes));
    }
    float[] values = new float[(int) count];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer data = read(channel, dataStart + from, (int) size, file);
      if (type.equals("F32")) {
        data.asFloatBuffer().get(values);
      } else {
        for (int i = 0; i < values.length; i++) {
          short half = data.getShort();
          values[i] = type.equals("BF16") ? Float.intBitsToFloat(half << 16) : fromF16(half);
        }
      }
    }
    return values;
  }

  /** Returns the number that IEEE 754's half precision has in these bits. */
  private static float fromF16(short half) {
    int sign = half >> 15 & 1;
    int exponent = half >> 10 & 0x1F;
    int fraction = half & 0x3FF;
    float size;
    if (exponent == 0) {
      size = fraction * 0x1p-24f;
    } else if (exponent == 0x1F) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      size = Math.scalb(1 + fraction / 1024f, exponent - 15);
    }
    return sign == 0 ? size : -size;
  }
}
