package io.vectorstream.reports.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Results as they are written, beside the same ones as programs wrote them when only sweeps and
 * baselines had a kind.
 */
class WrittenResultsTest {
  private static final Path EARLIER = Path.of("src/test/resources/written");

  @TempDir private Path folder;

  private static Result read(Path file) {
    return ResultReader.read(List.of(file)).get(0).result();
  }

  @ParameterizedTest
  @CsvSource({
    "run, RUN, run",
    "sweep, SWEEP, sweep",
    "sweep-none-held, SWEEP, sweep",
    "beside, BESIDE, beside",
    "systems, SYSTEMS, systems",
    "baseline, LADDER, baseline",
    "evaluation, EVALUATION, evaluation",
    "search, SEARCH, search",
    "gpu, GPU, gpu",
    "gpu-cut-off, GPU, gpu"
  })
  void a_result_is_written_as_before_but_for_its_kind(String name, ResultKind kind, String inFile)
      throws IOException {
    Path earlier = EARLIER.resolve(name + ".json");
    Result result = read(earlier);
    Path written = Files.writeString(folder.resolve("x.json"), result.toJson());

    JsonNode json = new ObjectMapper().readTree(written.toFile());
    assertThat(json.fieldNames()).toIterable().startsWith("schema", "kind");
    assertThat(json.path("kind").asText()).isEqualTo(inFile);
    assertThat(withoutKinds(json))
        .isEqualTo(withoutKinds(new ObjectMapper().readTree(earlier.toFile())));
    assertThat(read(written)).isEqualTo(result).extracting(Result::kind).isEqualTo(kind);
  }

  /** Leaves the kinds of runs within a result out, too. */
  private static JsonNode withoutKinds(JsonNode result) {
    result.findParents("kind").forEach(each -> ((ObjectNode) each).remove("kind"));
    return result;
  }

  @Test
  void the_kind_in_a_file_counts_and_not_what_is_in_it() throws IOException {
    ObjectNode search =
        (ObjectNode) new ObjectMapper().readTree(EARLIER.resolve("search.json").toFile());
    search.put("kind", "search").put("throughput_eps", 1).putArray("batches");

    Path file = Files.writeString(folder.resolve("x.json"), search.toString());

    assertThat(read(file).kind()).isEqualTo(ResultKind.SEARCH);
  }
}
