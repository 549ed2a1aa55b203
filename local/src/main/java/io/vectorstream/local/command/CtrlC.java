package io.vectorstream.local.command;

import io.vectorstream.local.run.StopRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Ctrl-C, and the signal that {@code kill} sends, as a request to stop: the command ends in order,
 * what it opened last is closed first. A second one ends the process at once.
 *
 * <p>A shutdown hook would not do: hooks run side by side with Spark's own, and the JVM does not
 * listen to a second Ctrl-C any more.
 */
final class CtrlC {
  /** What a shell reports for a process that Ctrl-C ended. */
  static final int STATUS = 130;

  private CtrlC() {}

  /**
   * @param message printed to standard error at the first one
   */
  static StopRequest listen(String message) {
    StopRequest stop = new StopRequest();
    InvocationHandler onSignal =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(stop, arguments);
          }
          if (stop.isRequested()) {
            Runtime.getRuntime().halt(STATUS);
          }
          System.err.println();
          System.err.println(message + " Ctrl-C again ends at once.");
          stop.request();
          return null;
        };
    for (String signal : List.of("INT", "TERM")) {
      handle(signal, onSignal);
    }
    return stop;
  }

  /**
   * Does some work in a thread of that name, which Ctrl-C interrupts.
   *
   * @return what the work returns; empty if it was stopped
   */
  static <T> Optional<T> unlessStopped(String name, Callable<T> work) throws InterruptedException {
    StopRequest stop = listen("Stopping.");
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.start();
    while (!task.isDone() && !stop.await(Duration.ofMillis(100))) {
      // Goes on until either.
    }
    if (!task.isDone()) {
      thread.interrupt();
      thread.join();
      return Optional.empty();
    }
    try {
      return Optional.of(task.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * {@code sun.misc.Signal} is what the JDK offers for this, supported though not documented; by
   * reflection, because the compiler warns of it whatever one says.
   */
  private static void handle(String name, InvocationHandler onSignal) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(CtrlC.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      // The JVM was told to leave its signals alone (-Xrs): Ctrl-C ends it as it ends any process.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no " + name + " signal to listen to", e);
    }
  }
}
