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
 * The handling of Ctrl-C, and of the signal that {@code kill} sends, as a request to stop: the
 * command ends in order, and closes first what it opened last. A second signal ends the process at
 * once.
 *
 * <p>A shutdown hook would not be enough: hooks run side by side with Spark's own, and the JVM
 * ignores a second Ctrl-C.
 */
final class CtrlC {
  /** The status that a shell reports for a process that Ctrl-C ended. */
  static final int STATUS = 130;

  private CtrlC() {}

  /**
   * @param message printed to standard error at the first signal
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
   * @return the result of the work; empty if it was stopped
   */
  static <T> Optional<T> unlessStopped(String name, Callable<T> work) throws InterruptedException {
    StopRequest stop = listen("Stopping.");
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.start();
    while (!task.isDone() && !stop.await(Duration.ofMillis(100))) {
      // Waits until the work has ended, or a stop is requested.
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
   * Handles a signal by {@code sun.misc.Signal}, which the JDK supports without documenting it; by
   * reflection, because the compiler's warning about it cannot be turned off.
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
      // The JVM was told not to handle signals (-Xrs): Ctrl-C ends it as it ends any process.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no " + name + " signal to listen to", e);
    }
  }
}
