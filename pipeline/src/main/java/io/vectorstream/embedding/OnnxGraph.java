package io.vectorstream.embedding;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of an ONNX file that its weights need: the tensors with their names, and the inputs
 * of each operation. The numbers of the fields are those of {@code onnx.proto}.
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int IN_ANOTHER_FILE = 1;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> byOutput = new HashMap<>();

  /**
   * An operation.
   *
   * @param type {@code MatMul}, {@code Add}, …
   * @param epsilon the attribute of that name, or 0
   */
  record Node(String type, List<String> inputs, List<String> outputs, float epsilon) {}

  /**
   * @param type the number that ONNX gives to the type of the values
   * @param data the values, little-endian; empty if they are kept in another way
   */
  record Tensor(List<Long> shape, int type, ByteBuffer data) {

    boolean isFloat() {
      return type == FLOAT;
    }

    FloatBuffer floats() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    long[] integers() {
      if (type != INT64) {
        return new long[0];
      }
      long[] values = new long[data.remaining() / Long.BYTES];
      data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
      return values;
    }
  }

  private OnnxGraph() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is no ONNX file
   */
  static OnnxGraph read(Path file) throws IOException {
    OnnxGraph graph = new OnnxGraph();
    byte[] bytes = Files.readAllBytes(file);
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.setSizeLimit(Integer.MAX_VALUE);
    graph.new Reader(bytes, in).readModel();
    return graph;
  }

  /** Returns the tensors that have names in the file, mainly its weights. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  boolean has(String type) {
    return nodes.stream().anyMatch(node -> node.type().equals(type));
  }

  Stream<Node> nodes(String type) {
    return nodes.stream().filter(node -> node.type().equals(type));
  }

  Stream<Node> users(String value) {
    return nodes.stream().filter(node -> node.inputs().contains(value));
  }

  Optional<Node> producer(String value) {
    return Optional.ofNullable(byOutput.get(value));
  }

  Optional<Tensor> tensor(String value) {
    return Optional.ofNullable(tensors.get(value));
  }

  /** A reader of the messages that are needed; it skips the rest. */
  private final class Reader {
    private final byte[] bytes;
    private final CodedInputStream in;

    private Reader(byte[] bytes, CodedInputStream in) {
      this.bytes = bytes;
      this.in = in;
    }

    private interface Field {
      /** Returns whether it has read the field. */
      boolean read(int number) throws IOException;
    }

    private void fields(Field field) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!field.read(WireFormat.getTagFieldNumber(tag))) {
          in.skipField(tag);
        }
      }
    }

    private void message(Field field) throws IOException {
      int end = in.pushLimit(in.readRawVarint32());
      fields(field);
      in.popLimit(end);
    }

    private boolean done(Field field) throws IOException {
      message(field);
      return true;
    }

    private void readModel() throws IOException {
      fields(number -> number == 7 && done(this::readGraph));
    }

    private boolean readGraph(int number) throws IOException {
      switch (number) {
        case 1 -> readNode();
        case 5 -> {
          NamedTensor tensor = new NamedTensor();
          message(tensor::read);
          tensors.put(tensor.name, tensor.whole());
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private void readNode() throws IOException {
      List<String> inputs = new ArrayList<>();
      List<String> outputs = new ArrayList<>();
      String[] type = {""};
      Attributes attributes = new Attributes();
      message(
          number -> {
            switch (number) {
              case 1 -> inputs.add(in.readString());
              case 2 -> outputs.add(in.readString());
              case 4 -> type[0] = in.readString();
              case 5 -> attributes.readOne();
              default -> {
                return false;
              }
            }
            return true;
          });
      Node node = new Node(type[0], inputs, outputs, attributes.epsilon);
      nodes.add(node);
      outputs.forEach(output -> byOutput.put(output, node));
      if (type[0].equals("Constant") && attributes.value != null && !outputs.isEmpty()) {
        tensors.put(outputs.get(0), attributes.value);
      }
    }

    private final class Attributes {
      private float epsilon;
      private Tensor value;

      private void readOne() throws IOException {
        String[] name = {""};
        float[] number = {0};
        NamedTensor tensor = new NamedTensor();
        message(
            field -> {
              switch (field) {
                case 1 -> name[0] = in.readString();
                case 2 -> number[0] = in.readFloat();
                case 5 -> message(tensor::read);
                default -> {
                  return false;
                }
              }
              return true;
            });
        if (name[0].equals("epsilon")) {
          epsilon = number[0];
        } else if (name[0].equals("value")) {
          value = tensor.whole();
        }
      }
    }

    private final class NamedTensor {
      private final List<Long> shape = new ArrayList<>();
      private String name = "";
      private int type;
      private ByteBuffer data = ByteBuffer.allocate(0);

      private boolean read(int number) throws IOException {
        switch (number) {
          case 1 -> readShape();
          case 2 -> type = in.readInt32();
          case 4, 9 -> {
            // As numbers or as bytes: both are little-endian, one after the other.
            int length = in.readRawVarint32();
            data = ByteBuffer.wrap(bytes, in.getTotalBytesRead(), length).slice();
            in.skipRawBytes(length);
          }
          case 8 -> name = in.readString();
          case 14 -> {
            if (in.readInt32() == IN_ANOTHER_FILE) {
              throw new IOException("its weights are in a file of their own (external data)");
            }
          }
          default -> {
            return false;
          }
        }
        return true;
      }

      /** Reads a shape, whose dimensions are stored one by one, or all together. */
      private void readShape() throws IOException {
        if (WireFormat.getTagWireType(in.getLastTag()) == WireFormat.WIRETYPE_VARINT) {
          shape.add(in.readInt64());
          return;
        }
        int end = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
          shape.add(in.readInt64());
        }
        in.popLimit(end);
      }

      private Tensor whole() {
        return new Tensor(List.copyOf(shape), type, data);
      }
    }
  }
}
