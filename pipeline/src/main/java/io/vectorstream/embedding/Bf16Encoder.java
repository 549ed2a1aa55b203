package io.vectorstream.embedding;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The encoder of BERT in bf16 on the CPU, from weights that were read elsewhere. It is computed by
 * TorchScript, because DJL's own operations do not know bf16. Several threads may call it.
 */
final class Bf16Encoder implements PyTorchModel.Encoder {
  private static final String NAME = "BertInBf16";
  private static final String CODE = "/models/bert_bf16.py";

  private final PtNDManager memory;
  private final PtSymbolBlock block;
  private final IValue weights;
  private final int layers;
  private final int heads;
  private final float epsilon;

  /**
   * @param memory of PyTorch on the CPU; receives the weights, and is closed with this
   */
  Bf16Encoder(BertWeights weights, NDManager memory) throws IOException {
    this.memory = (PtNDManager) memory;
    byte[] archive = TorchScriptArchive.of(NAME, code());
    this.block = JniUtils.loadModule(this.memory, new ByteArrayInputStream(archive), false, false);
    this.layers = weights.layers().size();
    this.heads = weights.heads();
    this.epsilon = weights.epsilon();
    this.weights = IValue.listFrom(arrays(weights).toArray(PtNDArray[]::new));
  }

  private static String code() throws IOException {
    try (InputStream in = Bf16Encoder.class.getResourceAsStream(CODE)) {
      if (in == null) {
        throw new FileNotFoundException("the class path has no " + CODE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<NDArray> arrays(BertWeights weights) {
    BertWeights.EmbeddingTables embeddings = weights.embeddings();
    List<NDArray> arrays = new ArrayList<>();
    arrays.add(fp32(memory, embeddings.words()));
    try (NDManager temporary = memory.newSubManager(Device.cpu())) {
      // All texts have the first type, so its vector is added to the positions.
      NDArray firstType = fp32(temporary, embeddings.firstType()).get("0:1");
      arrays.add(fp32(memory, embeddings.positions()).addi(firstType));
    }
    add(arrays, embeddings.norm());
    for (BertWeights.Layer layer : weights.layers()) {
      add(arrays, List.of(layer.query(), layer.key(), layer.value()));
      add(arrays, List.of(layer.attended()));
      add(arrays, layer.attendedNorm());
      add(arrays, List.of(layer.intermediate()));
      add(arrays, List.of(layer.output()));
      add(arrays, layer.outputNorm());
    }
    return arrays;
  }

  private void add(List<NDArray> arrays, BertWeights.Norm norm) {
    arrays.add(fp32(memory, norm.weight()));
    arrays.add(fp32(memory, norm.bias()));
  }

  /** Adds weight and bias of matrices of the same input, as one matrix in bf16. */
  private void add(List<NDArray> arrays, List<BertWeights.Linear> linears) {
    arrays.add(bf16(linears, Bf16Encoder::weight));
    arrays.add(bf16(linears, (manager, linear) -> fp32(manager, linear.bias())));
  }

  private NDArray bf16(
      List<BertWeights.Linear> linears, BiFunction<NDManager, BertWeights.Linear, NDArray> part) {
    try (NDManager temporary = memory.newSubManager(Device.cpu())) {
      NDList parts = new NDList();
      linears.forEach(linear -> parts.add(part.apply(temporary, linear)));
      NDArray whole = parts.size() == 1 ? parts.head() : NDArrays.concat(parts);
      try (IValue given = IValue.from((PtNDArray) whole);
          IValue converted = IValueUtils.runMethod(block, "bf16", given)) {
        return converted.toTensor(memory);
      }
    }
  }

  /** Returns {@code [out][in]}. */
  private static NDArray weight(NDManager memory, BertWeights.Linear linear) {
    NDArray weight = fp32(memory, linear.weight());
    return linear.outFirst() ? weight : weight.transpose().duplicate();
  }

  private static NDArray fp32(NDManager memory, Tensor tensor) {
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    return memory.create(tensor.floats(), shape, DataType.FLOAT32);
  }

  @Override
  public NDArray encode(NDArray ids, NDArray mask) {
    // Batches have very many shapes, and PyTorch would compile the code for each. Per thread.
    JniUtils.setGraphExecutorOptimize(false);
    try (IValue tokens = IValue.from((PtNDArray) ids);
        IValue own = IValue.from((PtNDArray) (mask == null ? ids : mask));
        IValue padded = IValue.from(mask != null);
        IValue layerCount = IValue.from((long) layers);
        IValue headCount = IValue.from((long) heads);
        IValue constant = IValue.from((double) epsilon);
        IValue vectors =
            IValueUtils.runMethod(
                block, "encode", tokens, own, padded, weights, layerCount, headCount, constant)) {
      return vectors.toTensor((PtNDManager) ids.getManager());
    }
  }

  @Override
  public void close() {
    weights.close();
    block.close();
    memory.close();
  }
}
