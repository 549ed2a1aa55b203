package io.vectorstream.embedding;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A writer of ONNX files: tensors, inputs and operations, in the order in which they compute. The
 * numbers of the fields are those of {@code onnx.proto}.
 */
final class OnnxWriter {
  static final int FLOAT = 1;
  static final int INT8 = 3;
  static final int INT32 = 6;
  static final int INT64 = 7;

  /** The domain of ONNX Runtime's own operations, beside those of the standard. */
  static final String MICROSOFT = "com.microsoft";

  private static final int IR_VERSION = 8;
  private static final int STANDARD_VERSION = 17;
  private static final int MICROSOFT_VERSION = 1;

  private final List<ByteBuffer> graph = new ArrayList<>();
  private int names;

  /** An action that writes the fields of one message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** Adds a constant tensor; its data are not copied. Returns its name. */
  String tensor(int type, ByteBuffer data, long... shape) {
    String name = newName("tensor");
    byte[] before =
        bytes(
            out -> {
              for (long size : shape) {
                out.writeInt64(1, size);
              }
              out.writeInt32(2, type);
              out.writeString(8, name);
              out.writeTag(9, 2);
              out.writeUInt32NoTag(data.remaining());
            });
    byte[] tag =
        bytes(
            out -> {
              out.writeTag(5, 2);
              out.writeUInt32NoTag(before.length + data.remaining());
            });
    graph.add(ByteBuffer.wrap(tag));
    graph.add(ByteBuffer.wrap(before));
    graph.add(data.duplicate());
    return name;
  }

  String floats(float[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return tensor(FLOAT, data, shape);
  }

  /** Adds an input of the graph, of whole numbers, with the dimensions that {@code sizes} names. */
  void input(String name, String... sizes) {
    graph(11, value(name, INT64, List.of(sizes)));
  }

  /** Adds an output of the graph, of floats. */
  void output(String name, String... sizes) {
    graph(12, value(name, FLOAT, List.of(sizes)));
  }

  /** Adds an operation of the standard with one output. Returns the output's name. */
  String standard(String type, Map<String, ?> attributes, String... inputs) {
    return operation("", type, attributes, 1, inputs).get(0);
  }

  /** Adds an operation of ONNX Runtime's own with one output. Returns the output's name. */
  String fused(String type, Map<String, ?> attributes, String... inputs) {
    return operation(MICROSOFT, type, attributes, 1, inputs).get(0);
  }

  /**
   * Adds an operation.
   *
   * @param attributes whole numbers ({@code Long}), {@code Float}s and lists of whole numbers
   * @param inputs an empty name is for an input that is left out
   * @return the names of its outputs
   */
  List<String> operation(
      String domain, String type, Map<String, ?> attributes, int outputs, String... inputs) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add(newName(type));
    }
    operation(domain, type, attributes, results, inputs);
    return results;
  }

  /** Adds an operation whose outputs have names already. */
  void operation(
      String domain,
      String type,
      Map<String, ?> attributes,
      List<String> outputs,
      String... inputs) {
    String name = newName(type);
    graph(
        1,
        out -> {
          for (String input : inputs) {
            out.writeString(1, input);
          }
          for (String output : outputs) {
            out.writeString(2, output);
          }
          out.writeString(3, name);
          out.writeString(4, type);
          for (Map.Entry<String, ?> attribute : attributes.entrySet()) {
            message(out, 5, attribute(attribute.getKey(), attribute.getValue()));
          }
          out.writeString(7, domain);
        });
  }

  /** Writes the model. */
  void write(Path file) throws IOException {
    graph(2, "fused");
    long size = graph.stream().mapToLong(ByteBuffer::remaining).sum();
    byte[] before =
        bytes(
            out -> {
              out.writeInt64(1, IR_VERSION);
              out.writeString(2, "vectorstream");
              message(out, 8, version("", STANDARD_VERSION));
              message(out, 8, version(MICROSOFT, MICROSOFT_VERSION));
              out.writeTag(7, 2);
              out.writeUInt64NoTag(size);
            });
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file));
        WritableByteChannel channel = Channels.newChannel(stream)) {
      channel.write(ByteBuffer.wrap(before));
      for (ByteBuffer part : graph) {
        channel.write(part.duplicate());
      }
    }
  }

  private String newName(String kind) {
    return kind + "_" + names++;
  }

  private void graph(int field, String text) {
    graph.add(ByteBuffer.wrap(bytes(out -> out.writeString(field, text))));
  }

  private void graph(int field, Fields fields) {
    graph.add(ByteBuffer.wrap(bytes(out -> message(out, field, fields))));
  }

  private static Fields version(String domain, long version) {
    return out -> {
      out.writeString(1, domain);
      out.writeInt64(2, version);
    };
  }

  private static Fields attribute(String name, Object value) {
    return out -> {
      out.writeString(1, name);
      if (value instanceof Float number) {
        out.writeFloat(2, number);
        out.writeInt32(20, 1);
      } else if (value instanceof Long number) {
        out.writeInt64(3, number);
        out.writeInt32(20, 2);
      } else if (value instanceof List<?> numbers) {
        for (Object number : numbers) {
          out.writeInt64(8, (Long) number);
        }
        out.writeInt32(20, 7);
      } else {
        throw new IllegalArgumentException("no ONNX attribute is like " + value);
      }
    };
  }

  private static Fields value(String name, int type, List<String> sizes) {
    Fields shape =
        out -> {
          for (String size : sizes) {
            message(out, 1, dimension -> dimension.writeString(2, size));
          }
        };
    Fields tensor =
        out -> {
          out.writeInt32(1, type);
          message(out, 2, shape);
        };
    return out -> {
      out.writeString(1, name);
      message(out, 2, typeOf -> message(typeOf, 1, tensor));
    };
  }

  private static void message(CodedOutputStream out, int field, Fields fields) throws IOException {
    out.writeBytes(field, ByteString.copyFrom(bytes(fields)));
  }

  private static byte[] bytes(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
