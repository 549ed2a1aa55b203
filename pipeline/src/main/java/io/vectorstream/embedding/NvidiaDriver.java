package io.vectorstream.embedding;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A check for a CUDA device on this machine, without loading hundreds of megabytes. */
public final class NvidiaDriver {
  private NvidiaDriver() {}

  /** Returns why there can be none; empty if a driver is installed. */
  public static Optional<String> missing() {
    String system = System.getProperty("os.name");
    boolean installed;
    if (system.startsWith("Linux")) {
      // The last one is provided by Windows to a Linux inside of it.
      installed =
          Stream.of("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg")
              .anyMatch(file -> Files.exists(Path.of(file)));
    } else if (system.startsWith("Windows")) {
      String root = System.getenv().getOrDefault("SystemRoot", "C:\\Windows");
      installed = Files.exists(Path.of(root, "System32", "nvcuda.dll"));
    } else {
      return Optional.of("there is no CUDA for " + system);
    }
    return installed ? Optional.empty() : Optional.of("this machine has no NVIDIA driver");
  }
}
