package io.vectorstream.embedding;

import java.util.concurrent.Callable;

/** The configuration of DJL in this program, which DJL reads when its classes are loaded. */
final class Djl {
  private static final String OFFLINE = "ai.djl.offline";

  private Djl() {}

  /** Sets properties that the user has not set. Call this before the first use of DJL. */
  static void prepare() {
    // No downloads and no usage report: the program contains what DJL needs.
    setUnlessGiven(OFFLINE, "true");
    setUnlessGiven("OPT_OUT_TRACKING", "true");
    // Otherwise DJL would start a second engine for the tensor operations that ONNX Runtime lacks.
    setUnlessGiven("ai.djl.onnx.disable_alternative", "true");
    OnnxLibraries.unpack();
  }

  /** Sets the number of PyTorch's threads, which it reads once, when it is started. */
  static void preparePyTorch(int threads) {
    prepare();
    setUnlessGiven("ai.djl.pytorch.num_threads", Integer.toString(threads));
    setUnlessGiven("ai.djl.pytorch.num_interop_threads", "1");
  }

  /** Runs work that downloads what the user has asked for. */
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

  /** Returns an engine's message in one line; others often wrap the sentence with the cause. */
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
