package io.vectorstream.local.command;

import io.vectorstream.local.run.StopRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

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
