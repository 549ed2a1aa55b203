package io.vectorstream.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A model that a test can stop or make fail; a text's vector is a hash of its tokens. */
final class ScriptedModel implements EmbeddingModel {
  final List<Integer> batchSizes = new ArrayList<>();
  private final EngineInfo info;
  private volatile Consumer<List<long[]>> before = tokens -> {};
  private volatile Consumer<long[]> beside = tokens -> {};
  private volatile boolean canEmbedBeside;
  private volatile boolean closed;
  private volatile float scale = 1;

  ScriptedModel() {
    this("cpu");
  }

  ScriptedModel(String device) {
    this(new EngineInfo("Scripted", device, "fp32", "scripted"));
  }

  ScriptedModel(EngineInfo info) {
    this.info = info;
  }

  /** Sets an action that runs before each batch from now on. */
  void before(Consumer<List<long[]>> action) {
    before = action;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
    before.accept(tokens);
    batchSizes.add(tokens.size());
    return tokens.stream().map(row -> scaled(vector(row))).toList();
  }

  /** Sets whether it computes texts beside batches from now on. */
  void canEmbedBeside(boolean can) {
    canEmbedBeside = can;
  }

  /** Sets an action that runs before each text that is computed beside the batches from now on. */
  void beside(Consumer<long[]> action) {
    beside = action;
  }

  @Override
  public boolean canEmbedBeside() {
    return canEmbedBeside;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    beside.accept(tokens);
    return scaled(vector(tokens));
  }

  /** Sets the factor of each number in a vector from now on. */
  void scale(float factor) {
    scale = factor;
  }

  private float[] scaled(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
    return vector;
  }

  static float[] vector(long[] tokens) {
    double angle = Arrays.hashCode(tokens);
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
