package io.vectorstream.local.baseline;

import io.vectorstream.config.Settings.Precision;
import java.util.List;

/**
 * One way to get events from their bytes into the store. Each step of {@link #LADDER} is the one
 * before it with one more idea, which speeds up the part that takes most of the time at that step.
 *
 * @param texts the texts that go into one call of the model
 * @param manyPointsACall whether points are upserted many at a time, several calls under way;
 *     otherwise one by one, each waited for
 * @param allCores whether all cores compute embeddings; otherwise one
 */
record BaselineStep(
    String name, Texts texts, boolean manyPointsACall, Precision precision, boolean allCores) {

  /** The texts that are embedded together. */
  enum Texts {
    /** One text a call. */
    ALONE,
    /** As many as a batch has, in their order, all padded to the longest. */
    AS_THEY_COME,
    /** Those of many events, sorted by length first. */
    SORTED,
    /** The same, without texts that were embedded before. */
    ONCE
  }

  static final List<BaselineStep> LADDER =
      List.of(
          new BaselineStep("one by one", Texts.ALONE, false, Precision.FP32, false),
          new BaselineStep("+ batches", Texts.AS_THEY_COME, false, Precision.FP32, false),
          new BaselineStep("+ sorted by length", Texts.SORTED, false, Precision.FP32, false),
          new BaselineStep("+ each text once", Texts.ONCE, false, Precision.FP32, false),
          new BaselineStep("+ batched upserts", Texts.ONCE, true, Precision.FP32, false),
          new BaselineStep("+ int8", Texts.ONCE, true, Precision.INT8, false),
          new BaselineStep("+ all cores", Texts.ONCE, true, Precision.INT8, true));

  /** Returns the number of threads that compute embeddings. */
  int threads() {
    return allCores ? Runtime.getRuntime().availableProcessors() : 1;
  }
}
