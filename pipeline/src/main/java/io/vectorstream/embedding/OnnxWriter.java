package io.vectorstream.embedding;

import com.google.protobuf.UnsafeByteOperations;
import io.vectorstream.embedding.Onnx.AttributeProto;
import io.vectorstream.embedding.Onnx.GraphProto;
import io.vectorstream.embedding.Onnx.ModelProto;
import io.vectorstream.embedding.Onnx.NodeProto;
import io.vectorstream.embedding.Onnx.OperatorSetIdProto;
import io.vectorstream.embedding.Onnx.TensorProto;
import io.vectorstream.embedding.Onnx.TensorProto.DataType;
import io.vectorstream.embedding.Onnx.TensorShapeProto;
import io.vectorstream.embedding.Onnx.TypeProto;
import io.vectorstream.embedding.Onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A writer of ONNX files: tensors, inputs and operations, in the order in which they compute. */
final class OnnxWriter {

  /** The domain of ONNX Runtime's own operations, beside those of the standard. */
  static final String MICROSOFT = "com.microsoft";

  private static final int IR_VERSION = 8;
  private static final int STANDARD_VERSION = 17;
  private static final int MICROSOFT_VERSION = 1;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("fused");
  private int names;

  /** Adds a tensor that never changes; its data are not copied. Returns its name. */
  String tensor(DataType type, ByteBuffer data, long... shape) {
    return tensor(newName("tensor"), type, data, shape);
  }

  private String tensor(String name, DataType type, ByteBuffer data, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(data.duplicate()));
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  String floats(float[] values, long... shape) {
    return floats(newName("tensor"), values, shape);
  }

  /** Adds a tensor under a name of its own. Returns it. */
  String floats(String name, float[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return tensor(name, DataType.FLOAT, data, shape);
  }

  /** Adds an input of the graph, of whole numbers, with one dimension for each name. */
  void input(String name, String... sizes) {
    graph.addInput(value(name, DataType.INT64, sizes));
  }

  /** Adds an output of the graph, of floats. */
  void output(String name, String... sizes) {
    graph.addOutput(value(name, DataType.FLOAT, sizes));
  }

  /** Adds an operation of the standard with one output. Returns the output's name. */
  String standard(String type, Map<String, ?> attributes, String... inputs) {
    return operation("", type, attributes, 1, inputs).get(0);
  }

  /** Adds one of ONNX Runtime's own operations with one output. Returns the output's name. */
  String fused(String type, Map<String, ?> attributes, String... inputs) {
    return operation(MICROSOFT, type, attributes, 1, inputs).get(0);
  }

  /**
   * Adds an operation.
   *
   * @param attributes whole numbers ({@code Long}), {@code Float}s and lists of whole numbers
   * @param inputs an empty name stands for an input that is left out
   * @return the names of its outputs
   */
  List<String> operation(
      String domain, String type, Map<String, ?> attributes, int outputs, String... inputs) {
    List<String> results = IntStream.range(0, outputs).mapToObj(i -> newName(type)).toList();
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
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .addAllInput(List.of(inputs))
            .addAllOutput(outputs)
            .setName(newName(type))
            .setOpType(type)
            .setDomain(domain);
    attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
    graph.addNode(node);
  }

  /** Writes the model. */
  void write(Path file) throws IOException {
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("vectorstream")
            .addOpsetImport(version("", STANDARD_VERSION))
            .addOpsetImport(version(MICROSOFT, MICROSOFT_VERSION))
            .setGraph(graph)
            .build();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      model.writeTo(out);
    }
  }

  private String newName(String kind) {
    return kind + "_" + names++;
  }

  private static OperatorSetIdProto version(String domain, long version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  @SuppressWarnings("unchecked")
  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Float number) {
      attribute.setF(number).setType(AttributeProto.AttributeType.FLOAT);
    } else if (value instanceof Long number) {
      attribute.setI(number).setType(AttributeProto.AttributeType.INT);
    } else if (value instanceof List<?> numbers) {
      attribute.addAllInts((List<Long>) numbers).setType(AttributeProto.AttributeType.INTS);
    } else {
      throw new IllegalArgumentException("no ONNX attribute is like " + value);
    }
    return attribute.build();
  }

  private static ValueInfoProto value(String name, DataType type, String... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String size : sizes) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
