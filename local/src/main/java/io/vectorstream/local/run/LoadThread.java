package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.EventSink;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/** A thread that sends events to Kafka. */
public final class LoadThread implements AutoCloseable {
  private final EventSink sink;
  private final LoadRunner runner;
  private final CompletableFuture<LoadReport> finished = new CompletableFuture<>();
  private final Thread thread;

  private LoadThread(EventSink sink, LoadRunner runner) {
    this.sink = sink;
    this.runner = runner;
    this.thread = new Thread(this::run, "load");
  }

  /**
   * Connects to Kafka and starts to send.
   *
   * @param duration null: until {@link #stop}
   * @param encoded returns a sink that gives records on to the one of Kafka in another format
   */
  static LoadThread start(
      Settings.Kafka kafka,
      EventSource events,
      DoubleSupplier rate,
      Duration duration,
      UnaryOperator<EventSink> encoded) {
    EventSink sink =
        encoded.apply(
            new KafkaSink(
                kafka.bootstrapServers(),
                kafka.topic(),
                kafka.partitions(),
                kafka.properties(),
                kafka.connectTimeout()));
    return start(sink, events, rate, duration);
  }

  /**
   * Starts to send to a sink, which it closes at its own end.
   *
   * @param duration null: until {@link #stop}
   */
  public static LoadThread start(
      EventSink sink, EventSource events, DoubleSupplier rate, Duration duration) {
    LoadThread load =
        new LoadThread(sink, new LoadRunner(events, sink, rate, Long.MAX_VALUE, duration));
    load.thread.start();
    return load;
  }

  private void run() {
    try {
      finished.complete(runner.run());
    } catch (RuntimeException | Error e) {
      finished.completeExceptionally(e);
    }
  }

  /** Returns the counts until now. */
  public LoadReport soFar() {
    return runner.soFar();
  }

  /** Returns whether everything is sent, or the sending has failed. */
  public boolean isFinished() {
    return finished.isDone();
  }

  /** Ends the sending and returns what was sent and delivered, or throws the failure. */
  public LoadReport stop() {
    runner.stop();
    try {
      return finished.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    runner.stop();
    sink.close();
  }
}
