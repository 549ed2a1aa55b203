package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The number of tokens that a model reads of a text.
 *
 * @param trained what its files say, in one of several places; 0 where they do not
 * @param most what the network has positions for; 0 where its files do not say
 */
record TextLength(int trained, int most) {
  static final TextLength SILENT = new TextLength(0, 0);

  /** The tokens that are read where neither the model nor the settings say. */
  private static final int DEFAULT = 256;

  /** The models whose positions begin behind that of the padding, so that two are never used. */
  private static final Set<String> TWO_POSITIONS_LESS =
      Set.of(
          "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "roberta-prelayernorm");

  /** Larger numbers mean that nobody has set a limit. */
  private static final long NO_LIMIT = 1_000_000;

  /**
   * Reads what the files of a folder say.
   *
   * @param transformer the configuration of Sentence Transformers for this folder
   */
  static TextLength read(Path folder, JsonNode transformer) {
    JsonNode network = ModelConfigs.read(folder.resolve(ModelConfigs.NAME));
    int positions = least(network.path("max_position_embeddings").asLong());
    if (positions > 2 && TWO_POSITIONS_LESS.contains(network.path("model_type").asText())) {
      positions -= 2;
    }
    double tokenizer =
        ModelConfigs.read(folder.resolve("tokenizer_config.json"))
            .path("model_max_length")
            .asDouble();
    return new TextLength(
        least(transformer.path("max_seq_length").asLong(), positions, (long) tokenizer), positions);
  }

  private static int least(long... numbers) {
    return (int)
        LongStream.of(numbers).filter(tokens -> tokens > 0 && tokens < NO_LIMIT).min().orElse(0);
  }

  /**
   * Returns the number of tokens to read.
   *
   * @param wanted what the settings say; 0 leaves it to the model
   */
  int tokens(int wanted) {
    if (wanted == 0) {
      return trained == 0 ? DEFAULT : trained;
    }
    return most == 0 ? wanted : Math.min(wanted, most);
  }
}
