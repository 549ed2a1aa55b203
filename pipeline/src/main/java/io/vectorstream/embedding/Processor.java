package io.vectorstream.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The processor of this machine, as Linux describes it. */
final class Processor {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

  /** The flags of processors that multiply in bf16; others would emulate it, slowly. */
  private static final Set<String> BF16 = Set.of("avx512_bf16", "amx_bf16");

  private Processor() {}

  /** Returns why products of matrices in bf16 are of no use here; empty if they are. */
  static Optional<String> bf16Missing() {
    return bf16Missing(DESCRIPTION);
  }

  /**
   * @param description in the format of {@code /proc/cpuinfo}
   */
  static Optional<String> bf16Missing(Path description) {
    if (!Files.isReadable(description)) {
      return Optional.of("only Linux tells whether the processor has bf16");
    }
    try {
      boolean has =
          Files.readAllLines(description).stream()
              .filter(line -> line.startsWith("flags"))
              .limit(1)
              .flatMap(line -> Arrays.stream(line.split("\\s+")))
              .anyMatch(BF16::contains);
      return has
          ? Optional.empty()
          : Optional.of("the processor has neither avx512_bf16 nor amx_bf16");
    } catch (IOException e) {
      return Optional.of("cannot read " + description);
    }
  }
}
