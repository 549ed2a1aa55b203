package io.vectorstream.jmh.gpu;

import io.vectorstream.command.CommandErrors;
import io.vectorstream.jmh.gpu.EmbeddingRuns.Way;
import io.vectorstream.local.run.ThisMachine;
import io.vectorstream.reports.result.GpuResult;
import io.vectorstream.reports.result.GpuResult.EmbeddingRow;
import io.vectorstream.reports.result.GpuResult.Gpu;
import io.vectorstream.reports.result.GpuResult.SparkRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmark of a GPU: texts embedded in a second beside the CPU, and Spark with RAPIDS. */
@Command(
    name = "gpu-benchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Measures texts embedded in a second, by engine, device, precision, batch size and length of"
          + " the texts, and records that Spark parses in a second, with and without RAPIDS. Needs"
          + " no network. The result file is written after every figure."
    })
public final class GpuBenchmark implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the result goes, as JSON. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("gpu.json");

  @Option(names = "--cpu-only", description = "Measure the CPU alone; no GPU is looked for.")
  private boolean cpuOnly;

  @Option(
      names = "--rapids",
      paramLabel = "JAR",
      description = "The RAPIDS Accelerator; Spark's share is then measured with it too.")
  private Path rapids;

  @Option(names = "--engines", split = ",", description = "Default: onnxruntime,pytorch.")
  private List<String> engines = List.of("onnxruntime", "pytorch");

  @Option(
      names = "--batch-sizes",
      split = ",",
      description = "Texts in one call of the model. Default: 1,16,64,256; on the CPU, 64 at most.")
  private List<Integer> batchSizes = List.of(1, 16, 64, 256);

  @Option(
      names = "--tokens",
      split = ",",
      description = "Tokens of a text. Default: 16,64,128,256.")
  private List<Integer> tokens = List.of(16, 64, 128, 256);

  @Option(
      names = "--seconds",
      description = "How long each figure is measured, at least. Default: ${DEFAULT-VALUE}.")
  private double seconds = 3;

  @Option(
      names = "--records",
      description = "Records that Spark parses in one run. Default: ${DEFAULT-VALUE}; 0: none.")
  private int records = 200_000;

  private static final int LARGEST_ON_CPU = 64;

  private final List<EmbeddingRow> embeddingRows = new ArrayList<>();
  private final List<SparkRow> sparkRows = new ArrayList<>();
  private final Instant startedAt = now();
  private Gpu gpu;
  private Map<String, String> versions = Map.of();

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return CommandErrors.install(new CommandLine(new GpuBenchmark())).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    check();
    PrintWriter progress = spec.commandLine().getErr();
    if (!cpuOnly) {
      progress.println("looking for a GPU");
      EmbeddingRuns.checkGpu(engines);
      gpu = NvidiaSmi.firstGpu().orElse(new Gpu(null, null, null, null));
    }
    write(null);
    EmbeddingRuns runs = new EmbeddingRuns(tokens, seconds);
    for (Way way : EmbeddingRuns.ways(engines, !cpuOnly, true)) {
      for (int batchSize : batchSizes) {
        if (way.device().equals("cpu") && batchSize > LARGEST_ON_CPU) {
          continue;
        }
        runs.measure(way, batchSize, this::measured);
      }
    }
    // Not earlier: a service configures DJL, and asking for DJL's version starts it.
    versions = GpuEnvironment.versions(engines, Optional.ofNullable(rapids));
    if (records > 0) {
      measureSpark(Optional.empty());
      if (rapids != null) {
        measureSpark(Optional.of(rapids));
      }
    }
    GpuResult result = write(now());
    GpuTable.print(result, spec.commandLine().getOut());
    progress.println("the result is in " + out);
    return 0;
  }

  private void check() {
    for (String engine : engines) {
      if (!engine.equals("onnxruntime") && !engine.equals("pytorch")) {
        throw wrong("--engines " + engine + " is unknown; expected onnxruntime or pytorch");
      }
    }
    if (batchSizes.stream().anyMatch(size -> size < 1 || size > 4096)) {
      throw wrong("--batch-sizes " + batchSizes + "; expected numbers from 1 to 4096");
    }
    if (tokens.stream().anyMatch(length -> length < 3 || length > 512)) {
      throw wrong("--tokens " + tokens + "; expected numbers from 3 to 512");
    }
    if (!(seconds > 0) || records < 0) {
      throw wrong("--seconds has to be more than 0, and --records no less than 0");
    }
    if (rapids != null && !Files.isRegularFile(rapids)) {
      throw wrong("--rapids " + rapids + " is no file; expected the jar of the RAPIDS Accelerator");
    }
    Path folder = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || !Files.isWritable(folder)) {
      throw wrong("--out " + out + " cannot be written; expected a file in a folder that is there");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void measured(EmbeddingRow row) {
    embeddingRows.add(row);
    String figure =
        row.skipped() == null
            ? "%,.1f texts/s".formatted(row.textsPerSecond())
            : "skipped: " + row.skipped();
    spec.commandLine()
        .getErr()
        .printf(
            "%s %s %s, batches of %d, texts of %d tokens: %s%n",
            row.engine(), row.device(), row.precision(), row.batchSize(), row.tokens(), figure);
    write(null);
  }

  private void measureSpark(Optional<Path> jar) throws IOException {
    SparkRow row = SparkRuns.measure(records, jar);
    sparkRows.add(row);
    String figure =
        row.skipped() == null
            ? "%,.0f records/s".formatted(row.recordsPerSecond())
            : "skipped: " + row.skipped();
    spec.commandLine()
        .getErr()
        .printf("Spark %s RAPIDS: %s%n", jar.isPresent() ? "with" : "without", figure);
    write(null);
  }

  private GpuResult write(Instant finishedAt) {
    GpuResult result =
        new GpuResult(
            GpuResult.SCHEMA,
            startedAt,
            finishedAt,
            ThisMachine.machine(),
            gpu,
            versions,
            List.copyOf(embeddingRows),
            List.copyOf(sparkRows));
    try {
      Files.writeString(out, result.toJson());
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + out + ": " + e.getMessage(), e);
    }
    return result;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }
}
