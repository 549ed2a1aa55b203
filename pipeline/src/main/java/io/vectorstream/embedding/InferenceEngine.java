package io.vectorstream.embedding;

import java.util.Optional;

/** An engine that runs models. Without loading anything, it tells what it can run. */
interface InferenceEngine {

  /** Returns the name that DJL and the run summary use. */
  String name();

  /**
   * Returns why it cannot run the model in this way, on whatever machine except that bf16 takes a
   * processor that has it; empty if it can. Of the target, device and precision count.
   */
  Optional<String> unfit(ModelSource source, ModelPlacement target);

  /** Returns why it cannot use a GPU here; empty if no obstacle is known. */
  Optional<String> gpuMissing(ModelPlacement target);

  /**
   * Loads a model.
   *
   * @throws Exception if the files cannot be read, are no model of the right kind, or the device
   *     refuses
   */
  EmbeddingModel load(ModelSource source, ModelPlacement target) throws Exception;
}
