package io.vectorstream.stream;

import io.vectorstream.trace.Step;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * A step of a batch in the trace that this thread works for. The tasks that Spark runs for it, on
 * whatever machine, know it by a property of their job ({@link TaskTraces}). Where nothing is
 * traced, it is the work alone.
 */
final class BatchStep {

  /** The property of Spark's jobs that holds W3C's traceparent of the step that needs them. */
  static final String PROPERTY = "vectorstream.traceparent";

  private BatchStep() {}

  /** Does the work as a step. */
  static <T> T of(SparkContext spark, String name, Supplier<T> work) {
    return Step.isTraced() ? traced(spark, Step.begin(name), work) : work.get();
  }

  /** Does the work as a step that began at that time. */
  static <T> T of(SparkContext spark, String name, Instant start, Supplier<T> work) {
    return Step.isTraced() ? traced(spark, Step.begin(name, start), work) : work.get();
  }

  /** Does the work as a step. */
  static void run(SparkContext spark, String name, Runnable work) {
    of(
        spark,
        name,
        () -> {
          work.run();
          return null;
        });
  }

  /** Returns work that becomes a step of this thread's trace on whatever thread it runs. */
  static Runnable aside(SparkContext spark, String name, Runnable work) {
    return Step.carried(() -> run(spark, name, work));
  }

  private static <T> T traced(SparkContext spark, Step begun, Supplier<T> work) {
    String before = spark.getLocalProperty(PROPERTY);
    try (Step step = begun) {
      spark.setLocalProperty(PROPERTY, Step.traceparent());
      return step.watching(work);
    } finally {
      spark.setLocalProperty(PROPERTY, before);
    }
  }
}
