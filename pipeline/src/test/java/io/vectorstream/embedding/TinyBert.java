package io.vectorstream.embedding;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A writer of the ONNX file of a small BERT with one layer, as far as its weights are read from it.
 * The weights are random, and the same whenever they have the same name.
 */
final class TinyBert {
  static final int HIDDEN = 4;
  static final int HEADS = 2;
  private static final int INNER = 6;
  private static final String LAYER = "encoder.layer.0.";

  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
  private final boolean named;

  /**
   * @param named whether the matrices have names of their own and are {@code [out][in]}; if not,
   *     they are {@code [in][out]}, and known by their operations
   */
  TinyBert(boolean named) throws IOException {
    this.named = named;
    weight("embeddings.word_embeddings.weight", 10, HIDDEN);
    weight("embeddings.position_embeddings.weight", 8, HIDDEN);
    weight("embeddings.token_type_embeddings.weight", 2, HIDDEN);
    norm("embeddings.LayerNorm");
    for (String linear : List.of("query", "key", "value")) {
      linear("attention.self." + linear, HIDDEN, HIDDEN);
    }
    linear("attention.output.dense", HIDDEN, HIDDEN);
    norm(LAYER + "attention.output.LayerNorm");
    linear("intermediate.dense", HIDDEN, INNER);
    linear("output.dense", INNER, HIDDEN);
    norm(LAYER + "output.LayerNorm");
    node("Erf", "inner", "erf");
  }

  /** Sets the shape of the queries, which gives the number of heads. */
  TinyBert withHeads(long... shape) throws IOException {
    tensor("shape", 7, new long[] {shape.length}, longs(shape));
    node("Reshape", "attention.self.query added", "shape", "laid out");
    return this;
  }

  TinyBert withEpsilon(float epsilon) throws IOException {
    tensor("epsilon", 1, new long[0], floats(epsilon));
    node("Add", "variance", "epsilon", "sum");
    node("Sqrt", "sum", "deviation");
    return this;
  }

  TinyBert withWeight(String name) throws IOException {
    weight(name, 3, 5);
    return this;
  }

  /** The last name is the output's. */
  TinyBert node(String type, String... names) throws IOException {
    write(
        1,
        out -> {
          for (int i = 0; i < names.length - 1; i++) {
            out.writeString(1, names[i]);
          }
          out.writeString(2, names[names.length - 1]);
          out.writeString(4, type);
        });
    return this;
  }

  Path write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeInt64(1, 8);
    out.writeByteArray(7, graph.toByteArray());
    out.flush();
    return Files.write(file, bytes.toByteArray());
  }

  private void linear(String name, int in, int out) throws IOException {
    weight(LAYER + name + ".bias", out);
    float[] outFirst = values(name, in * out);
    if (named) {
      tensor(LAYER + name + ".weight", 1, new long[] {out, in}, floats(outFirst));
      node("Gemm", "x", LAYER + name + ".weight", LAYER + name + ".bias", name + " added");
      return;
    }
    float[] inFirst = new float[in * out];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        inFirst[i * out + o] = outFirst[o * in + i];
      }
    }
    tensor(name + " matrix", 1, new long[] {in, out}, floats(inFirst));
    node("MatMul", "x", name + " matrix", name + " product");
    node("Add", LAYER + name + ".bias", name + " product", name + " added");
  }

  private void norm(String name) throws IOException {
    weight(name + ".weight", HIDDEN);
    weight(name + ".bias", HIDDEN);
  }

  private void weight(String name, long... shape) throws IOException {
    int size = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    tensor(name, 1, shape, floats(values(name, size)));
  }

  private static float[] values(String name, int count) {
    Random random = new Random(name.hashCode());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private void tensor(String name, int type, long[] shape, byte[] values) throws IOException {
    write(
        5,
        out -> {
          for (long size : shape) {
            out.writeInt64(1, size);
          }
          out.writeInt32(2, type);
          out.writeString(8, name);
          out.writeByteArray(9, values);
        });
  }

  private interface Message {
    void write(CodedOutputStream out) throws IOException;
  }

  private void write(int field, Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream inner = CodedOutputStream.newInstance(bytes);
    message.write(inner);
    inner.flush();
    CodedOutputStream out = CodedOutputStream.newInstance(graph);
    out.writeByteArray(field, bytes.toByteArray());
    out.flush();
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }
}
