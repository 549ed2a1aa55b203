package io.vectorstream.embedding;

import ai.onnxruntime.OrtEnvironment;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * ONNX Runtime's native libraries. It would unpack them itself into a folder that it does not
 * always delete; here they are unpacked to the temporary folder of the process.
 */
final class OnnxLibraries {
  private static final String PLACE = "onnxruntime.native.path";

  /** The libraries that it loads at its start, as far as they exist. */
  private static final List<String> NAMES =
      List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

  private static boolean unpacked;

  private OnnxLibraries() {}

  /**
   * Unpacks the libraries, unless they are unpacked already, or the user says where they are.
   * Libraries for a GPU, which are loaded later and from the same folder, are left to ONNX Runtime.
   */
  static synchronized void unpack() {
    if (System.getProperty(PLACE) != null || resource("onnxruntime_providers_cuda") != null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(TemporaryFolder.path().resolve("onnxruntime"));
      for (String name : NAMES) {
        URL resource = resource(name);
        if (resource != null) {
          try (InputStream library = resource.openStream()) {
            Files.copy(library, folder.resolve(fileName(name)));
          }
        }
      }
      System.setProperty(PLACE, folder.toString());
      unpacked = true;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack the libraries of ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Returns whether they were unpacked here, and not by ONNX Runtime. */
  static synchronized boolean areUnpacked() {
    return unpacked;
  }

  private static URL resource(String name) {
    return OrtEnvironment.class.getResource(
        "/ai/onnxruntime/native/" + platform() + "/" + fileName(name));
  }

  private static String fileName(String name) {
    return System.mapLibraryName(name);
  }

  /** Returns the name of the platform in its jar: {@code linux-x64}. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux")
        + "-"
        + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
  }
}
