package io.vectorstream.embedding;

/** How DJL has to behave in this program. It reads these properties when its classes are loaded. */
final class Djl {
  private Djl() {}

  /** Call before the first use of any class of DJL. What the user has set is left alone. */
  static void prepare() {
    // No downloads and no report of our use: what is needed comes with the program.
    setUnlessGiven("ai.djl.offline", "true");
    setUnlessGiven("OPT_OUT_TRACKING", "true");
    // Or DJL would start a second engine for the tensor operations that ONNX Runtime lacks.
    setUnlessGiven("ai.djl.onnx.disable_alternative", "true");
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
