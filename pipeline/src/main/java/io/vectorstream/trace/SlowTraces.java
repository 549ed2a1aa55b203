package io.vectorstream.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The choice of the traces that took long. What belongs to a trace waits here until its root ends,
 * and goes on together with it, or is dropped. Where all traces are wanted, nothing waits.
 */
final class SlowTraces implements SpanProcessor {

  /** Spans of one trace that may wait; there is one trace at a time. */
  private static final int MOST = 20_000;

  /** Traces that ended last, of which a late span may still come. */
  private static final int REMEMBERED = 16;

  private static final class Waiting {
    private final List<ReadableSpan> spans = new ArrayList<>();
    private long left;
  }

  private final SpanProcessor next;
  private final Duration slowerThan;
  private final LongConsumer passing;
  private final Map<String, Waiting> open = new HashMap<>();
  private final Map<String, Boolean> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param slowerThan the shortest duration of a trace that is kept; zero keeps all
   * @param passing gets the number of spans that go on, before they do
   */
  SlowTraces(SpanProcessor next, Duration slowerThan, LongConsumer passing) {
    this.next = next;
    this.slowerThan = slowerThan;
    this.passing = passing;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    List<ReadableSpan> going = slowerThan.isZero() ? List.of(span) : decide(span);
    passing.accept(going.size());
    going.forEach(next::onEnd);
  }

  private synchronized List<ReadableSpan> decide(ReadableSpan span) {
    String trace = span.getSpanContext().getTraceId();
    Boolean decided = kept.get(trace);
    if (decided != null) {
      return decided ? List.of(span) : List.of();
    }
    Waiting waiting = open.computeIfAbsent(trace, any -> new Waiting());
    if (span.getParentSpanContext().isValid()) {
      if (waiting.spans.size() < MOST) {
        waiting.spans.add(span);
      } else {
        waiting.left++;
      }
      return List.of();
    }
    open.remove(trace);
    boolean isSlow = span.getLatencyNanos() >= slowerThan.toNanos();
    kept.put(trace, isSlow);
    if (!isSlow) {
      return List.of();
    }
    // They are expected, and never arrive.
    passing.accept(waiting.left);
    waiting.spans.add(span);
    return waiting.spans;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    // Nothing is known yet.
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return next.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }
}
