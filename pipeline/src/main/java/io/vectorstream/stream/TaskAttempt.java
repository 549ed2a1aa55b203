package io.vectorstream.stream;

import io.vectorstream.store.Fence;
import org.apache.spark.TaskContext;

/** The attempt of the Spark task that runs on this thread, as a writer's place among others. */
final class TaskAttempt {

  private TaskAttempt() {}

  /** Returns the fence of this attempt in a turn; the turn's own outside of tasks. */
  static Fence of(Fence turn) {
    TaskContext task = TaskContext.get();
    return task == null ? turn : turn.attempt(task.stageAttemptNumber(), task.attemptNumber());
  }
}
