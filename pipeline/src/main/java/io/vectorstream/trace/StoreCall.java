package io.vectorstream.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A call to Qdrant in the trace that this thread works for, with all of its tries, named as
 * OpenTelemetry's conventions for databases say. Any thread may end it. On a thread that works for
 * no trace it is nothing.
 */
public final class StoreCall {

  private static final ContextKey<StoreCall> CALL = ContextKey.named("vectorstream-store-call");
  private static final StoreCall NONE = new StoreCall(null, null);

  private final Span span;
  private final Context context;

  private StoreCall(Span span, Context parent) {
    this.span = span;
    this.context = span == null ? null : parent.with(span).with(CALL, this);
  }

  /** Begins a call whose request is not known yet. */
  public static StoreCall begin() {
    Context parent = Context.current();
    Tracer tracer = parent.get(Traces.TRACER);
    return tracer == null
        ? NONE
        : new StoreCall(
            tracer
                .spanBuilder("qdrant")
                .setParent(parent)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", "qdrant")
                .startSpan(),
            parent);
  }

  /** Returns the call that this thread is making a try of. */
  public static StoreCall current() {
    StoreCall call = Context.current().get(CALL);
    return call == null ? NONE : call;
  }

  public boolean isTraced() {
    return span != null;
  }

  /** Makes a try of it. */
  public <T> T trying(Supplier<T> call) {
    if (span == null) {
      return call.get();
    }
    try (Scope scope = context.makeCurrent()) {
      return call.get();
    }
  }

  /**
   * Says what is asked of the server.
   *
   * @param operation as the server calls it, such as Upsert
   * @param collection empty for a call about none
   * @param points that the request names; 0 where it names none
   */
  public void asks(String operation, String collection, long points) {
    span.updateName(collection.isEmpty() ? operation : operation + " " + collection);
    span.setAttribute("db.operation.name", operation);
    if (!collection.isEmpty()) {
      span.setAttribute("db.collection.name", collection);
    }
    if (points > 0) {
      span.setAttribute("vectorstream.points", points);
    }
    if (points > 1) {
      span.setAttribute("db.operation.batch.size", points);
    }
  }

  /** Says which server is asked, where there is one only. */
  public void asks(String host, int port) {
    span.setAttribute("server.address", host);
    span.setAttribute("server.port", port);
  }

  /**
   * Records that a try failed, and that another one follows.
   *
   * @param tries that have failed so far
   * @param error the status of this one
   * @param pause until the next one
   */
  public void retries(int tries, String error, Duration pause) {
    span.addEvent(
        "retry",
        Attributes.builder()
            .put("vectorstream.failed_tries", tries)
            .put("error.type", error)
            .put("vectorstream.pause_ms", pause.toMillis())
            .build());
    span.setAttribute("vectorstream.failed_tries", tries);
  }

  /** Ends it; ending it again does nothing. */
  public void end() {
    if (span != null) {
      span.end();
    }
  }

  /**
   * Ends it, failed.
   *
   * @param error the status of the last try; never its message, which may contain anything
   */
  public void end(String error) {
    if (span != null) {
      Trace.fail(span, error);
      span.setAttribute("db.response.status_code", error);
      span.end();
    }
  }
}
