package io.vectorstream.embedding;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A BERT-like ONNX model on the CPU, run by DJL's ONNX Runtime engine. Its inputs are {@code
 * input_ids}, {@code attention_mask} and {@code token_type_ids}, each {@code int64[texts][tokens]};
 * its output is {@code float[texts][tokens][dimension]}.
 */
final class OnnxModel implements EmbeddingModel {
  private static final String ENGINE = "OnnxRuntime";

  private final Model model;
  private final ParameterStore parameters;
  private final EngineInfo info;
  private LongBuffer ids = direct(0);
  private LongBuffer mask = direct(0);
  private LongBuffer types = direct(0);

  private OnnxModel(Model model, EngineInfo info) {
    this.model = model;
    this.parameters = new ParameterStore(model.getNDManager(), false);
    this.info = info;
  }

  /**
   * @param resource the {@code .onnx} file on the class path
   * @param threads threads that compute one batch together
   */
  static OnnxModel fromResource(String name, String resource, int threads)
      throws IOException, MalformedModelException, OrtException {
    Djl.prepare();
    Model model = Model.newInstance(name, Device.cpu(), ENGINE);
    // From a file, because loading from a stream would hold the model in memory three times over.
    Path file = Files.createTempFile("vectorstream-", ".onnx");
    try (InputStream onnx = OnnxModel.class.getResourceAsStream(resource);
        SessionOptions options = new SessionOptions()) {
      if (onnx == null) {
        throw new FileNotFoundException("the class path has no " + resource);
      }
      Files.copy(onnx, file, StandardCopyOption.REPLACE_EXISTING);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // Plans of memory are kept for every shape seen, and the shapes of batches vary without end.
      options.setMemoryPatternOptimization(false);
      // Threads that wait for work sleep, and leave the cores to Spark.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      model.load(file, null, Map.of("sessionOptions", options));
      return new OnnxModel(model, new EngineInfo(ENGINE, "cpu", "fp32", name));
    } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
      model.close();
      throw e;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    int texts = tokens.size();
    int longest = tokens.stream().mapToInt(row -> row.length).max().orElse(0);
    fill(tokens, longest);
    Shape shape = new Shape(texts, longest);
    try (NDManager memory = model.getNDManager().newSubManager()) {
      NDList inputs =
          new NDList(
              input(memory, "input_ids", ids, shape),
              input(memory, "attention_mask", mask, shape),
              input(memory, "token_type_ids", types, shape));
      NDArray hidden = model.getBlock().forward(parameters, inputs, false).head();
      return pool(hidden, tokens, longest);
    }
  }

  private static NDArray input(NDManager memory, String name, LongBuffer values, Shape shape) {
    NDArray array = memory.create(values, shape, DataType.INT64);
    array.setName(name);
    return array;
  }

  private void fill(List<long[]> tokens, int longest) {
    int size = tokens.size() * longest;
    if (ids.capacity() < size) {
      ids = direct(size);
      mask = direct(size);
      types = direct(size);
    }
    ids.clear();
    mask.clear();
    for (long[] row : tokens) {
      ids.put(row);
      for (int token = 0; token < longest; token++) {
        mask.put(token < row.length ? 1 : 0);
        if (token >= row.length) {
          ids.put(0);
        }
      }
    }
    ids.flip();
    mask.flip();
    types.clear().limit(size);
  }

  /** The mean over each text's own tokens, not the padding, L2-normalised. */
  private static List<float[]> pool(NDArray hidden, List<long[]> tokens, int longest) {
    int dimension = (int) hidden.getShape().get(2);
    float[] values = values(hidden);
    List<float[]> vectors = new ArrayList<>(tokens.size());
    for (int text = 0; text < tokens.size(); text++) {
      float[] vector = new float[dimension];
      int start = text * longest * dimension;
      int end = start + tokens.get(text).length * dimension;
      for (int token = start; token < end; token += dimension) {
        for (int i = 0; i < dimension; i++) {
          vector[i] += values[token + i];
        }
      }
      normalise(vector);
      vectors.add(vector);
    }
    return vectors;
  }

  /** ONNX Runtime copies its output into an array; DJL's own way would copy it twice. */
  private static float[] values(NDArray array) {
    return ((OrtNDArray) array).getTensor().getFloatBuffer().array();
  }

  /** The sum of the tokens points where their mean does, so the division is left to this. */
  private static void normalise(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float factor = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }

  private static LongBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size * Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }

  @Override
  public void close() {
    model.close();
  }
}
