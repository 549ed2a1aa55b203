package io.vectorstream.jmh.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.command.CommandErrors;
import io.vectorstream.jmh.embedding.TextsOfLength;
import io.vectorstream.reports.result.GpuResult.Gpu;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GpuBenchmarkTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void the_result_file_has_a_figure_for_every_way_batch_size_and_length() throws Exception {
    Path file = folder.resolve("gpu.json");

    int status =
        run(
            "--cpu-only --seconds 0.05 --batch-sizes 2,128 --tokens 8,24 --records 3000 --out "
                + file);

    assertThat(status).as(err.toString()).isZero();
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertThat(result.path("schema").asInt()).isEqualTo(1);
    assertThat(result.path("kind").asText()).isEqualTo("gpu");
    assertThat(Instant.parse(result.path("finished_at").asText()))
        .isAfterOrEqualTo(Instant.parse(result.path("started_at").asText()));
    assertThat(result.path("machine").path("cores").asInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(result.path("gpu").isNull()).isTrue();
    assertThat(result.path("versions").path("onnxruntime").asText()).contains("CPU");
    assertThat(result.path("versions").path("pytorch").asText()).startsWith("2.");
    assertThat(result.path("embedding"))
        .extracting(
            row ->
                "%s %s %s %s %s"
                    .formatted(
                        row.path("engine").asText(),
                        row.path("device").asText(),
                        row.path("precision").asText(),
                        row.path("batch_size").asInt(),
                        row.path("tokens").asInt()))
        .containsExactly(
            "onnxruntime cpu fp32 2 8",
            "onnxruntime cpu fp32 2 24",
            "onnxruntime cpu int8 2 8",
            "onnxruntime cpu int8 2 24",
            "pytorch cpu fp32 2 8",
            "pytorch cpu fp32 2 24");
    for (JsonNode row : result.path("embedding")) {
      assertThat(row.path("skipped").isNull()).as(row.toString()).isTrue();
      assertThat(row.path("texts").asLong() / row.path("seconds").asDouble())
          .isCloseTo(row.path("texts_per_second").asDouble(), Percentage.withPercentage(0.1));
    }
    JsonNode spark = result.path("spark").path(0);
    assertThat(spark.path("skipped").isNull()).as(spark.toString()).isTrue();
    assertThat(spark.path("rapids").asBoolean()).isFalse();
    assertThat(spark.path("records_per_second").asDouble()).isPositive();
    assertThat(spark.path("seconds_of_runs")).hasSize(7);
    assertThat(out.toString()).contains("onnxruntime  cpu    int8", "alone");
  }

  @Test
  void without_a_gpu_one_line_says_what_was_looked_for() {
    assumeThat(NvidiaSmi.firstGpu()).isEmpty();

    int status = run("--out " + folder.resolve("gpu.json"));

    assertThat(status).isEqualTo(1);
    assertThat(err.toString().lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("no GPU can be used", "--cpu-only");
    assertThat(folder.resolve("gpu.json")).doesNotExist();
  }

  @Test
  void a_jar_that_is_not_the_rapids_accelerator_is_named_and_the_rest_is_measured()
      throws Exception {
    Path jar = Files.createFile(folder.resolve("rapids.jar"));
    Path file = folder.resolve("gpu.json");

    int status =
        run(
            "--cpu-only --engines onnxruntime --seconds 0.05 --batch-sizes 2 --tokens 8"
                + " --records 1000 --rapids %s --out %s".formatted(jar, file));

    assertThat(status).as(err.toString()).isZero();
    JsonNode spark = new ObjectMapper().readTree(file.toFile()).path("spark");
    assertThat(spark.path(0).path("records_per_second").asDouble()).isPositive();
    assertThat(spark.path(1).path("rapids").asBoolean()).isTrue();
    assertThat(spark.path(1).path("skipped").asText()).contains("RAPIDS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--engines tensorflow | --engines tensorflow is unknown; expected onnxruntime or pytorch",
        "--batch-sizes 0 | --batch-sizes [0]; expected numbers from 1 to 4096",
        "--tokens 2 | --tokens [2]; expected numbers from 3 to 512",
        "--seconds 0 | --seconds has to be more than 0, and --records no less than 0",
        "--rapids none.jar | --rapids none.jar is no file; expected the jar of the RAPIDS Accelerator",
        "--out /nowhere/x.json | --out /nowhere/x.json cannot be written; expected a file in a folder that is there"
      })
  void wrong_use_is_said_in_a_line(String arguments, String expected) {
    assertThat(run("--cpu-only " + arguments)).isEqualTo(2);
    assertThat(err.toString().lines().findFirst()).hasValue(expected);
  }

  @Test
  void the_drivers_tool_is_understood() {
    assertThat(
            NvidiaSmi.parse("NVIDIA L4, 550.54.15, 23034, 8.9\nNVIDIA L4, 550.54.15, 23034, 8.9\n"))
        .hasValue(new Gpu("NVIDIA L4", "550.54.15", "23034", "8.9"));
    assertThat(NvidiaSmi.parse("Tesla, 440.1, [N/A], [Not Supported]"))
        .hasValue(new Gpu("Tesla", "440.1", null, null));
    assertThat(NvidiaSmi.parse("No devices were found")).isEmpty();
  }

  @Test
  void texts_have_the_number_of_tokens_that_was_asked_for() throws Exception {
    try (InputStream json =
            GpuBenchmarkTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
        HuggingFaceTokenizer tokenizer =
            HuggingFaceTokenizer.newInstance(
                json, Map.of("padding", "false", "truncation", "true", "maxLength", "512"))) {
      TextsOfLength texts = new TextsOfLength();
      for (int length : new int[] {3, 16, 128, 512}) {
        List<String> some = texts.next(100, length);
        if (length > 3) {
          assertThat(some).doesNotHaveDuplicates();
        }
        for (Encoding encoding : tokenizer.batchEncode(some)) {
          assertThat(encoding.getIds()).hasSize(length);
        }
      }
    }
  }

  private int run(String arguments) {
    CommandLine command = CommandErrors.install(new CommandLine(new GpuBenchmark()));
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments.split(" "));
  }
}
