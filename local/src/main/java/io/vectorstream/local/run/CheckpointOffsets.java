package io.vectorstream.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The offsets in a checkpoint of Spark. Spark keeps, for each batch, a file in {@code offsets},
 * whose last line is {@code {"topic":{"0":123}}}, and one in {@code commits} once it is done.
 */
public final class CheckpointOffsets {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckpointOffsets() {}

  /** Returns the offsets by partition after the last committed batch; empty before the first. */
  public static JsonNode committed(Path checkpoint, String topic) {
    try {
      OptionalLong committed = lastCommit(checkpoint.resolve("commits"));
      if (committed.isEmpty()) {
        return JSON.createObjectNode();
      }
      Path file = checkpoint.resolve("offsets").resolve(String.valueOf(committed.getAsLong()));
      List<String> lines = Files.readAllLines(file);
      return JSON.readTree(lines.get(lines.size() - 1)).path(topic);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint " + checkpoint + " cannot be read", e);
    }
  }

  private static OptionalLong lastCommit(Path commits) throws IOException {
    if (!Files.isDirectory(commits)) {
      return OptionalLong.empty();
    }
    try (Stream<Path> files = Files.list(commits)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .mapToLong(Long::parseLong)
          .max();
    }
  }
}
