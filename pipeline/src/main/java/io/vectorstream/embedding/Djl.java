package io.vectorstream.embedding;

import java.util.concurrent.Callable;

/** How DJL has to behave in this program. It reads these properties when its classes are loaded. */
final class Djl {
  private static final String OFFLINE = "ai.djl.offline";

  private Djl() {}

  /** Call before the first use of any class of DJL. What the user has set is left alone. */
  static void prepare() {
    // No downloads and no report of our use: what is needed comes with the program.
    setUnlessGiven(OFFLINE, "true");
    setUnlessGiven("OPT_OUT_TRACKING", "true");
    // Or DJL would start a second engine for the tensor operations that ONNX Runtime lacks.
    setUnlessGiven("ai.djl.onnx.disable_alternative", "true");
    OnnxLibraries.unpack();
  }

  /** PyTorch takes its threads once, when it is started. */
  static void preparePyTorch(int threads) {
    prepare();
    setUnlessGiven("ai.djl.pytorch.num_threads", Integer.toString(threads));
    setUnlessGiven("ai.djl.pytorch.num_interop_threads", "1");
  }

  /** For what the user has asked to be downloaded. */
  static synchronized <T> T withDownloads(Callable<T> work) throws Exception {
    String before = System.getProperty(OFFLINE);
    System.setProperty(OFFLINE, "false");
    try {
      return work.call();
    } finally {
      if (before == null) {
        System.clearProperty(OFFLINE);
      } else {
        System.setProperty(OFFLINE, before);
      }
    }
  }

  /** In one line, what an engine says: it often wraps the sentence that tells in others. */
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    if (message == null || message.isBlank()) {
      return root.getClass().getSimpleName();
    }
    return message.strip().lines().findFirst().orElseThrow();
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
