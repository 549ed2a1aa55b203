package io.vectorstream.trace;

import com.google.common.base.Throwables;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exporter whose first failure is logged, and which knows the number of spans that have not
 * reached their destination.
 */
final class WatchedExporter implements SpanExporter {

  private static final Logger log = LoggerFactory.getLogger(WatchedExporter.class);

  /** Spans that are in no queue while they are exported, at most. */
  private static final int AT_ONCE = 1_024;

  private final SpanExporter exporter;
  private final String destination;
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicLong missing = new AtomicLong();

  /**
   * @param destination the address or the file, for the log
   */
  WatchedExporter(SpanExporter exporter, String destination) {
    this.exporter = exporter;
    this.destination = destination;
  }

  /** Records that so many more spans are on their way here, in a queue of that size. */
  void expect(long spans, int queue) {
    if (missing.addAndGet(spans) > queue + AT_ONCE) {
      tell("it is slower than spans come");
    }
  }

  /** Returns how many of the expected spans have not reached their destination. */
  long missing() {
    return missing.get();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(
        () -> {
          if (result.isSuccess()) {
            missing.addAndGet(-count);
          } else {
            tell(reason(result.getFailureThrowable()));
          }
        });
    return result;
  }

  private void tell(String reason) {
    if (told.compareAndSet(false, true)) {
      log.warn(
          "traces do not reach {}: {}; batches go on as ever, and spans are lost while it lasts",
          destination,
          reason);
    }
  }

  /** Logs how many spans have not arrived, if there are any. */
  void tellMissing() {
    if (missing() > 0) {
      log.warn("{} spans of traces never reached {}", missing(), destination);
    }
  }

  private static String reason(Throwable failure) {
    return failure == null ? "the export failed" : Throwables.getRootCause(failure).toString();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
