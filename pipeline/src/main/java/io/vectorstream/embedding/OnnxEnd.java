package io.vectorstream.embedding;

import ai.djl.engine.Engine;
import io.vectorstream.process.NativeWork;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release of ONNX Runtime's environment. By itself, the library releases it as soon as the JVM
 * begins to end, while other threads may load or run models, which crashes the process. Here it is
 * released when the last of these calls has ended.
 */
final class OnnxEnd {
  private static final Logger log = LoggerFactory.getLogger(OnnxEnd.class);
  private static final String PACKAGE = "ai.onnxruntime.";

  private static boolean taken;

  private OnnxEnd() {}

  /** Creates the environment, unless it exists, and takes over its release. */
  static synchronized void takeOver() {
    Engine.getEngine(OnnxModel.ENGINE);
    if (taken) {
      return;
    }
    taken = true;
    try {
      removeEmptyFolder();
      for (Thread hook : List.copyOf(hooks().keySet())) {
        Object target = target(hook);
        if (target != null
            && target.getClass().getName().startsWith(PACKAGE)
            && Runtime.getRuntime().removeShutdownHook(hook)) {
          NativeWork.ofProcess().atEnd((Runnable) target);
        }
      }
    } catch (IllegalStateException e) {
      // The process is ending already.
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug(
          "ONNX Runtime may end before its last call; --add-opens=java.base/java.lang=ALL-UNNAMED"
              + " lets this program decide when it ends",
          e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<Thread, Thread> hooks() throws ReflectiveOperationException {
    Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
    hooks.setAccessible(true);
    Map<Thread, Thread> all = (Map<Thread, Thread>) hooks.get(null);
    return all == null ? Map.of() : all;
  }

  /** Returns the target of a thread: a field of the thread before Java 19, then of a holder. */
  private static Object target(Thread thread) throws ReflectiveOperationException {
    try {
      return value(Thread.class, "target", thread);
    } catch (NoSuchFieldException e) {
      Object holder = value(Thread.class, "holder", thread);
      return value(holder.getClass(), "task", holder);
    }
  }

  /** Removes ONNX Runtime's folder for unpacked libraries, which it leaves if it is killed. */
  private static void removeEmptyFolder() throws ReflectiveOperationException {
    Path folder = (Path) value(Class.forName(PACKAGE + "OnnxRuntime"), "tempDirectory", null);
    if (folder != null && OnnxLibraries.areUnpacked()) {
      // This deletes it only if it is empty.
      File file = folder.toFile();
      if (!file.delete()) {
        log.debug("{} stays until the end", file);
      }
    }
  }

  private static Object value(Class<?> type, String name, Object of)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
