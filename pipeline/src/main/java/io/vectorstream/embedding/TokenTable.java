package io.vectorstream.embedding;

import io.vectorstream.embedding.Safetensors.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A static model: a table with a vector for each token, of which a text gets the mean. It finds
 * less than a network, and is far faster. Any number of threads may call it.
 */
final class TokenTable implements EmbeddingModel {
  static final String ENGINE = "TokenTable";

  /** The names of the table: of Sentence Transformers, and of model2vec. */
  private static final List<String> NAMES = List.of("embedding.weight", "embeddings");

  private final Table table;
  private final SentenceHead head;
  private final EngineInfo info;

  private TokenTable(Table table, SentenceHead head, EngineInfo info) {
    this.table = table;
    this.head = head;
    this.info = info;
  }

  /**
   * Loads the table.
   *
   * @throws EmbeddingException if there is none, or the file has more than that
   */
  static TokenTable load(String name, Path folder, SentenceHead head) {
    Path file = folder.resolve(Safetensors.NAME);
    if (!Files.isRegularFile(file)) {
      throw new EmbeddingException(
          "embedding.model: the folder %s has no %s with the table of tokens"
              .formatted(folder, Safetensors.NAME));
    }
    try {
      Safetensors weights = Safetensors.open(file);
      Set<String> names = weights.names();
      if (names.size() != 1 || !NAMES.containsAll(names)) {
        // model2vec's newer tables count tokens by a weight, or share rows between them.
        throw new EmbeddingException(
            "embedding.model: %s has the tensors %s; expected a table alone, named %s"
                .formatted(file, String.join(", ", names), String.join(" or ", NAMES)));
      }
      return new TokenTable(
          weights.table(names.iterator().next()).orElseThrow(),
          head,
          new EngineInfo(ENGINE, "cpu", "fp32", name));
    } catch (IOException e) {
      throw new EmbeddingException("embedding.model: " + e.getMessage(), e);
    }
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    return tokens.stream().map(this::embedBeside).toList();
  }

  @Override
  public boolean canEmbedBeside() {
    return true;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    float[] mean = new float[table.columns()];
    for (long token : tokens) {
      if (token < 0 || token >= table.rows()) {
        throw new EmbeddingException(
            "embedding.model: the tokenizer has the token %d, and the table %d rows; expected those that belong together"
                .formatted(token, table.rows()));
      }
      int from = (int) token * mean.length;
      for (int i = 0; i < mean.length; i++) {
        mean[i] += table.values()[from + i];
      }
    }
    for (int i = 0; i < mean.length && tokens.length > 0; i++) {
      mean[i] /= tokens.length;
    }
    return head.finished(mean);
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public void close() {
    // Nothing outside of the heap.
  }
}
