package io.vectorstream.jmh.gpu;

import io.vectorstream.reports.result.GpuResult.Gpu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The description of the first GPU by the driver's own tool. */
final class NvidiaSmi {
  private static final String[] COMMAND = {
    "nvidia-smi",
    "--query-gpu=name,driver_version,memory.total,compute_cap",
    "--format=csv,noheader,nounits"
  };

  private NvidiaSmi() {}

  /** Returns the GPU; empty if the tool is not there or finds none. */
  static Optional<Gpu> firstGpu() {
    try {
      Process process = new ProcessBuilder(COMMAND).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? parse(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Returns the GPU in the first line: {@code NVIDIA L4, 550.54.15, 23034, 8.9}. */
  static Optional<Gpu> parse(String answer) {
    String[] fields = answer.lines().findFirst().orElse("").split("\\s*,\\s*");
    return fields.length < 4
        ? Optional.empty()
        : Optional.of(
            new Gpu(fields[0].strip(), known(fields[1]), known(fields[2]), known(fields[3])));
  }

  private static String known(String field) {
    return field.isBlank() || field.contains("[") ? null : field.strip();
  }
}
