package io.vectorstream.embedding;

import com.google.protobuf.CodedInputStream;
import io.vectorstream.embedding.Onnx.AttributeProto;
import io.vectorstream.embedding.Onnx.GraphProto;
import io.vectorstream.embedding.Onnx.ModelProto;
import io.vectorstream.embedding.Onnx.NodeProto;
import io.vectorstream.embedding.Onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The tensors and operations of an ONNX file, for a reader of its weights. */
final class OnnxGraph {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Node> nodes;
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

    /** Returns a row of floats. */
    static Tensor of(float[] values) {
      ByteBuffer data = littleEndian(values.length * Float.BYTES);
      data.asFloatBuffer().put(values);
      return new Tensor(List.of((long) values.length), TensorProto.DataType.FLOAT_VALUE, data);
    }

    boolean isFloat() {
      return type == TensorProto.DataType.FLOAT_VALUE;
    }

    FloatBuffer floats() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    float[] values() {
      float[] values = new float[data.remaining() / Float.BYTES];
      floats().get(values);
      return values;
    }

    /** Returns the values; none if they are no whole numbers of 64 bits. */
    long[] integers() {
      if (type != TensorProto.DataType.INT64_VALUE) {
        return new long[0];
      }
      long[] values = new long[data.remaining() / Long.BYTES];
      data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
      return values;
    }
  }

  private OnnxGraph(GraphProto graph) throws IOException {
    for (TensorProto tensor : graph.getInitializerList()) {
      tensors.put(tensor.getName(), tensor(tensor));
    }
    this.nodes = graph.getNodeList().stream().map(OnnxGraph::node).toList();
    for (Node node : nodes) {
      node.outputs().forEach(output -> byOutput.put(output, node));
    }
    for (NodeProto node : graph.getNodeList()) {
      AttributeProto value = attribute(node, "value");
      if (node.getOpType().equals("Constant") && value.hasT() && node.getOutputCount() > 0) {
        tensors.put(node.getOutput(0), tensor(value.getT()));
      }
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is no ONNX file
   */
  static OnnxGraph read(Path file) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(Files.readAllBytes(file));
    // The weights are most of the file: they stay where they were read to.
    in.enableAliasing(true);
    return new OnnxGraph(ModelProto.parseFrom(in).getGraph());
  }

  private static Node node(NodeProto node) {
    return new Node(
        node.getOpType(),
        node.getInputList(),
        node.getOutputList(),
        attribute(node, "epsilon").getF());
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElse(AttributeProto.getDefaultInstance());
  }

  private static Tensor tensor(TensorProto tensor) throws IOException {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new IOException("its weights are in a file of their own (external data)");
    }
    return new Tensor(tensor.getDimsList(), tensor.getDataType(), data(tensor));
  }

  /** Returns the values as bytes, whether the file has them as bytes or as numbers. */
  private static ByteBuffer data(TensorProto tensor) {
    if (tensor.getFloatDataCount() > 0) {
      ByteBuffer floats = littleEndian(tensor.getFloatDataCount() * Float.BYTES);
      tensor.getFloatDataList().forEach(floats::putFloat);
      return floats.flip();
    }
    if (tensor.getInt64DataCount() > 0) {
      ByteBuffer integers = littleEndian(tensor.getInt64DataCount() * Long.BYTES);
      tensor.getInt64DataList().forEach(integers::putLong);
      return integers.flip();
    }
    return tensor.getRawData().asReadOnlyByteBuffer();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the tensors that the file names, which are mostly weights. */
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
}
