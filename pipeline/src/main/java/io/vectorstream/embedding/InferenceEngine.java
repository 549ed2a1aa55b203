package io.vectorstream.embedding;

import java.util.Optional;

/** What runs models. Loading nothing, it says what it could run. */
interface InferenceEngine {

  /** As DJL and the run summary name it. */
  String name();

  /**
   * Why it cannot run the model in this way, wherever the machine; empty if it can. Of the target,
   * device and precision count.
   */
  Optional<String> unfit(ModelSource source, Target target);

  /** Why it cannot use a GPU here; empty if nothing is known to be in the way. */
  Optional<String> gpuMissing(Target target);

  /**
   * @throws Exception if the files cannot be read, are no model of the kind that is needed, or the
   *     device refuses
   */
  EmbeddingModel load(ModelSource source, Target target) throws Exception;
}
