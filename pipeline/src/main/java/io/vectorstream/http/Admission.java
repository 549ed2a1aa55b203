package io.vectorstream.http;

import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A limit on the number of requests that use the store, the model or Kafka at the same time. */
final class Admission {
  private final Semaphore free;
  private final int most;

  Admission(int most) {
    this.most = most;
    this.free = new Semaphore(most);
  }

  /**
   * @throws RequestException 429 if there are too many already
   */
  <T> T run(Supplier<T> work) {
    if (!free.tryAcquire()) {
      throw new RequestException(
          Status.TOO_MANY_REQUESTS,
          "%,d requests are being answered, which is http.max_concurrent; try again in a second"
              .formatted(most),
          Map.of("Retry-After", "1"));
    }
    try {
      return work.get();
    } finally {
      free.release();
    }
  }
}
