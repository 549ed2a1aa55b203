package io.vectorstream.embedding;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The JSON files of a model's folder; one that is not there is read as a missing node. */
final class ModelConfigs {
  /** The name of the configuration of a network, or of a layer. */
  static final String NAME = "config.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelConfigs() {}

  static JsonNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (JacksonException e) {
      throw new EmbeddingException(
          "embedding.model: %s is no JSON: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new EmbeddingException("embedding.model: cannot read " + file, e);
    }
  }

  /**
   * Reads the configuration of a step, which there has to be: what a step does without it is not
   * what was trained.
   */
  static JsonNode required(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new EmbeddingException(
          "embedding.model: there is no file %s; expected the whole folder of the model, with that of each step in modules.json"
              .formatted(file));
    }
    return read(file);
  }

  /** Reads the first of these files that is there. */
  static JsonNode first(Path folder, List<String> names) {
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .map(ModelConfigs::read)
        .orElse(MissingNode.getInstance());
  }
}
