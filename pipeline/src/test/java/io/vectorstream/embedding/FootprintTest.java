package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of a process that does nothing but embed. */
class FootprintTest {
  private static final long LIMIT_MB = 1536;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"onnxruntime", "pytorch"})
  void model_engine_and_a_full_cache_fit_in_one_and_a_half_gigabytes(String engine)
      throws Exception {
    assumeThat(Path.of("/proc/self/status")).exists();
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Footprint.class.getName(),
                    engine))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .directory(new File("."))
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    List<String> lines = Files.readAllLines(output);
    String[] result = lines.get(lines.size() - 1).split(" ");
    assertThat(result[0]).isEqualTo("entries");
    // The cache tidies up behind itself, a little later.
    assertThat(Integer.parseInt(result[1]))
        .isBetween(Footprint.ENTRIES * 99 / 100, Footprint.ENTRIES * 101 / 100);
    assertThat(Long.parseLong(result[3])).as("peak resident MB").isBetween(200L, LIMIT_MB);
  }
}
