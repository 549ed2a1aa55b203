package io.vectorstream.reports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Results that the programs of this project wrote. */
public final class Fixtures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  public static Path folder() {
    return Path.of("src/test/resources/results");
  }

  public static Path file(String name) {
    return folder().resolve(name);
  }

  public static List<ResultFile> read(String... names) {
    return ResultReader.read(Arrays.stream(names).map(Fixtures::file).toList());
  }

  /** Returns a changed copy of a fixture. */
  @SuppressWarnings("unchecked")
  public static <N extends JsonNode> Path changed(String name, Path folder, Consumer<N> change) {
    try {
      N content = (N) JSON.readTree(file(name).toFile());
      change.accept(content);
      return Files.writeString(folder.resolve("changed-" + name), content.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a run whose batches have other durations, with its latencies moved as well. */
  public static Path slower(String name, Path folder, double factor) {
    return Fixtures.<ObjectNode>changed(
        name,
        folder,
        run -> {
          for (JsonNode batch : run.path("batches")) {
            ((ObjectNode) batch)
                .put("duration_ms", Math.round(batch.path("duration_ms").asLong() * factor));
          }
          ObjectNode latency = (ObjectNode) run.path("latency_ms");
          latency.put("p99", Math.round(latency.path("p99").asLong() * factor));
        });
  }
}
