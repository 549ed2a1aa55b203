package io.vectorstream.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A step of the trace that this thread works for, from its begin until it is closed by the same
 * thread. Steps and calls that begin meanwhile are parts of it. On a thread that works for no trace
 * it is nothing.
 */
public final class Step implements AutoCloseable {

  private static final Step NONE = new Step(Span.getInvalid(), Scope.noop());

  private final Span span;
  private final Scope scope;

  private Step(Span span, Scope scope) {
    this.span = span;
    this.scope = scope;
  }

  /** Begins a step now. */
  public static Step begin(String name) {
    return begin(Context.current(), name, null);
  }

  /** Begins a step that began at that time. */
  public static Step begin(String name, Instant start) {
    return begin(Context.current(), name, start);
  }

  static Step begin(Context parent, String name, Instant start) {
    Tracer tracer = parent.get(Traces.TRACER);
    if (tracer == null) {
      return NONE;
    }
    SpanBuilder builder = tracer.spanBuilder(name).setParent(parent);
    Span span = start == null ? builder.startSpan() : builder.setStartTimestamp(start).startSpan();
    return new Step(span, parent.with(span).makeCurrent());
  }

  /** Records a step that is over. */
  public static void past(String name, Instant start, Instant end) {
    Context parent = Context.current();
    Tracer tracer = parent.get(Traces.TRACER);
    if (tracer != null) {
      tracer.spanBuilder(name).setParent(parent).setStartTimestamp(start).startSpan().end(end);
    }
  }

  /** Does the work as a step; the step fails where the work throws. */
  public static <T> T of(String name, Supplier<T> work) {
    try (Step step = begin(name)) {
      return step.watching(work);
    }
  }

  /** Does the work; records that this step failed if the work throws. */
  public <T> T watching(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      failed(e.getClass().getName());
      throw e;
    }
  }

  /** Returns whether this thread works for a trace. */
  public static boolean isTraced() {
    return Context.current().get(Traces.TRACER) != null;
  }

  /**
   * Returns what a thread of another process needs to know of the present step, in W3C's form of a
   * traceparent; empty where there is none.
   */
  public static String traceparent() {
    return isTraced() ? Traces.traceparent(Context.current()) : "";
  }

  /** Returns a function that works for this thread's trace on whatever thread it is applied. */
  public static <A, B> Function<A, B> carried(Function<A, B> work) {
    return isTraced() ? Context.current().wrapFunction(work) : work;
  }

  /** Returns work that is done for this thread's trace, on whatever thread. */
  public static Runnable carried(Runnable work) {
    return isTraced() ? Context.current().wrap(work) : work;
  }

  /** Adds a number to what is said about it. */
  public Step with(String name, long value) {
    span.setAttribute(name, value);
    return this;
  }

  /** Adds a text. */
  public Step with(String name, String value) {
    span.setAttribute(name, value);
    return this;
  }

  /**
   * Records that it failed.
   *
   * @param error what kind of error it was; never a message, which may contain anything
   */
  public void failed(String error) {
    Trace.fail(span, error);
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
