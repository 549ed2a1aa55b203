package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.util.List;
import java.util.Optional;

/**
 * What a model's files say of how a text becomes a vector, beside the weights.
 *
 * @param tokenTable whether it is a table with a vector for each token (a static model), and no
 *     network
 * @param lowerCase whether texts are written in small letters first
 * @param length the tokens that the model reads of a text
 * @param pooling empty where the files do not say
 * @param layers behind the pooling
 * @param promptIsPooled whether the tokens of a prompt count in the pooling
 * @param dimensions numbers that are kept of a vector; 0 for all
 */
record ModelRecipe(
    boolean tokenTable,
    boolean lowerCase,
    TextLength length,
    Optional<Pooling> pooling,
    List<VectorLayer> layers,
    boolean promptIsPooled,
    Prompts prompts,
    int dimensions) {

  /** The value of a setting that leaves the choice to the model's files. */
  static final String AUTO = Settings.Embedding.AUTO;

  /** The recipe of a model whose files say nothing. */
  static final ModelRecipe SILENT =
      new ModelRecipe(
          false, false, TextLength.SILENT, Optional.empty(), List.of(), true, Prompts.NONE, 0);

  /**
   * Returns the recipe with what the settings say where it is silent, or where they may differ.
   *
   * @throws EmbeddingException if they contradict each other
   */
  ModelRecipe with(Settings.Embedding settings) {
    Prompts chosen =
        new Prompts(
            chosen(settings.queryPrompt(), prompts.query()),
            chosen(settings.documentPrompt(), prompts.document()));
    if (!promptIsPooled && !chosen.areEmpty()) {
      throw new EmbeddingException(
          "embedding.model: the model %s leaves the prompt out of its pooling (include_prompt: false), which this program cannot; expected a model without prompts, or embedding.query_prompt and embedding.document_prompt set to \"\""
              .formatted(settings.model()));
    }
    return new ModelRecipe(
        tokenTable,
        lowerCase,
        length,
        pooling(settings),
        layers,
        promptIsPooled,
        chosen,
        settings.dimensions() > 0 ? settings.dimensions() : dimensions);
  }

  private static String chosen(String setting, String own) {
    return setting.equals(AUTO) ? own : setting;
  }

  /**
   * Returns how many tokens of a text are read; 0 for all.
   *
   * @param wanted what the settings say; 0 leaves it to the model
   */
  int tokens(int wanted) {
    return tokenTable ? wanted : length.tokens(wanted);
  }

  private Optional<Pooling> pooling(Settings.Embedding settings) {
    if (settings.pooling().equals(AUTO)) {
      return pooling;
    }
    if (tokenTable) {
      throw new EmbeddingException(
          "embedding.pooling is %s, but the model %s is a table of tokens, of which the mean is taken; expected auto"
              .formatted(settings.pooling(), settings.model()));
    }
    Pooling wanted = Pooling.of(List.of(settings.pooling().split(",")));
    if (pooling.isPresent() && !pooling.get().equals(wanted)) {
      throw new EmbeddingException(
          "embedding.pooling is %s, but the files of the model %s say %s; expected auto"
              .formatted(wanted, settings.model(), pooling.get()));
    }
    return Optional.of(wanted);
  }

  SentenceHead head() {
    return new SentenceHead(pooling.orElse(Pooling.MEAN), layers, dimensions);
  }

  /**
   * Returns whether versions of this program that stored a model's name alone computed the same:
   * they knew the mean of the tokens, and neither layers, prompts, nor fewer dimensions.
   */
  boolean isAsOlderVersions() {
    return !tokenTable
        && !lowerCase
        && pooling.orElse(Pooling.MEAN).isMean()
        && layers.stream().allMatch(VectorLayer.Normalize.class::isInstance)
        && prompts.areEmpty()
        && dimensions == 0;
  }

  /**
   * Returns what vectors depend on, beside the weights and the tokenizer: with another value, they
   * could not be compared. The tokens that are read are no part of it, as a text that is cut off
   * has about the vector of the whole.
   */
  String identity() {
    return "table=%s;lower=%s;pooling=%s;query=%s;document=%s;dimensions=%d"
        .formatted(
            tokenTable,
            lowerCase,
            pooling.orElse(Pooling.MEAN),
            prompts.query(),
            prompts.document(),
            dimensions);
  }
}
