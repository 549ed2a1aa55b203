package io.vectorstream.local.store;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one call: with what {@code work} gives, or with the error that it ends in. */
final class Call {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedVectorStore.class);
  private static final double NANOS = 1e-9;

  private Call() {}

  static <T> void answer(StreamObserver<T> caller, Supplier<T> work) {
    T answer;
    try {
      answer = work.get();
    } catch (StatusRuntimeException e) {
      caller.onError(e);
      return;
    } catch (RuntimeException e) {
      LOG.error("A call to the embedded vector store failed", e);
      caller.onError(
          Status.INTERNAL
              .withDescription("Service internal error: " + e.getMessage())
              .asRuntimeException());
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  /** Seconds since {@code startNanos}, as answers tell them. */
  static double since(long startNanos) {
    return (System.nanoTime() - startNanos) * NANOS;
  }
}
