package io.vectorstream.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.List;

/** A trace that was begun. Any thread may end it; ending it again does nothing. */
public final class Trace {

  /** The trace of what nobody wants to see. */
  public static final Trace NONE = new Trace(Span.getInvalid(), null);

  private final Span span;

  /** Null for {@link #NONE}. */
  private final Context context;

  Trace(Span span, Context context) {
    this.span = span;
    this.context = context;
  }

  /** The time in which a thread works for a trace. */
  public interface Work extends AutoCloseable {
    @Override
    void close();
  }

  /** Lets this thread's steps and calls be part of the trace until the result is closed. */
  public Work enter() {
    if (context == null) {
      return () -> {};
    }
    Scope scope = context.makeCurrent();
    return scope::close;
  }

  /** Adds a number to what is said about the whole. */
  public Trace with(String name, long value) {
    span.setAttribute(name, value);
    return this;
  }

  /** Adds a text. */
  public Trace with(String name, String value) {
    span.setAttribute(name, value);
    return this;
  }

  /** Adds texts. */
  public Trace with(String name, List<String> values) {
    span.setAttribute(AttributeKey.stringArrayKey(name), values);
    return this;
  }

  /**
   * Records that it failed.
   *
   * @param error what kind of error it was, such as a class's name; never a message, which may
   *     contain anything
   */
  public Trace failed(String error) {
    fail(span, error);
    return this;
  }

  static void fail(Span span, String error) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute("error.type", error);
  }

  /** Returns whether somebody wants to see it. */
  public boolean isTraced() {
    return context != null;
  }

  public void end(Instant at) {
    span.end(at);
  }
}
