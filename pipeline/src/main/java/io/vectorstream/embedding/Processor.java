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

  /** The flags of processors that add products of eight bits in thirty-two. */
  private static final Set<String> VNNI = Set.of("avx512_vnni", "avx_vnni");

  private static final Set<String> X86 = Set.of("amd64", "x86_64");

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
      return hasOneOf(BF16, description)
          ? Optional.empty()
          : Optional.of("the processor has neither avx512_bf16 nor amx_bf16");
    } catch (IOException e) {
      return Optional.of("cannot read " + description);
    }
  }

  /**
   * Returns whether ONNX Runtime adds products of numbers without and with a sign, of eight bits
   * each, in sixteen bits, which are too few for some sums: on x86 without VNNI. Where nothing
   * tells, it is assumed of x86.
   */
  static boolean cutsOffSums() {
    return cutsOffSums(System.getProperty("os.arch"), DESCRIPTION);
  }

  /**
   * @param architecture as Java names it
   * @param description in the format of {@code /proc/cpuinfo}
   */
  static boolean cutsOffSums(String architecture, Path description) {
    if (!X86.contains(architecture)) {
      return false;
    }
    try {
      return !Files.isReadable(description) || !hasOneOf(VNNI, description);
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean hasOneOf(Set<String> flags, Path description) throws IOException {
    return Files.readAllLines(description).stream()
        .filter(line -> line.startsWith("flags"))
        .limit(1)
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(flags::contains);
  }
}
