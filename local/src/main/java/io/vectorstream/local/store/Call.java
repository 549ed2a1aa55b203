package io.vectorstream.local.store;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call that is being answered. */
final class Call {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedVectorStore.class);
  private static final double NANOS = 1e-9;

  private final long start = System.nanoTime();

  private Call() {}

  /** Answers a call with the result of {@code work}, or with the error that it ends in. */
  static <T> void answer(StreamObserver<T> caller, Function<Call, T> work) {
    T answer;
    try {
      answer = work.apply(new Call());
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

  /** Returns the seconds that the call has taken so far, as answers tell them. */
  double seconds() {
    return (System.nanoTime() - start) * NANOS;
  }
}
