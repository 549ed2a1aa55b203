package io.vectorstream.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The requirements on a model's inputs and outputs. */
final class ModelShape {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String TYPES = "token_type_ids";
  static final String POSITIONS = "position_ids";
  static final String OUTPUT = "last_hidden_state";

  private static final Set<String> KNOWN = Set.of(IDS, MASK, TYPES, POSITIONS);

  /** The export tools' names of the vectors of the tokens, where there are other outputs too. */
  private static final Set<String> HIDDEN = Set.of(OUTPUT, "token_embeddings");

  /** The output of a model that guesses words, which has a number for each word. */
  private static final String WORDS = "logits";

  private ModelShape() {}

  /**
   * Checks the inputs.
   *
   * @throws EmbeddingException if the model needs other inputs than a BERT
   */
  static void checkInputs(String model, List<String> inputs) {
    if (!inputs.contains(IDS) || !KNOWN.containsAll(inputs)) {
      throw new EmbeddingException(
          "embedding.model: %s has the inputs %s; expected input_ids, with attention_mask, token_type_ids and position_ids if it takes them"
              .formatted(model, String.join(", ", inputs)));
    }
  }

  /**
   * Returns the vectors of the tokens among a model's outputs.
   *
   * @param input texts and tokens
   * @throws EmbeddingException if there is no such output
   */
  static NDArray hidden(String model, NDList outputs, Shape input) {
    NDArray first = null;
    for (NDArray output : outputs) {
      if (isPerToken(output.getShape(), input) && !WORDS.equals(output.getName())) {
        if (HIDDEN.contains(String.valueOf(output.getName()))) {
          return output;
        }
        first = first == null ? output : first;
      }
    }
    if (first == null) {
      throw new EmbeddingException(
          "embedding.model: %s answers %s for %d tokens of %d texts; expected a vector for each token, [texts, tokens, dimension]"
              .formatted(model, describe(outputs), input.get(1), input.get(0)));
    }
    return first;
  }

  private static boolean isPerToken(Shape output, Shape input) {
    return output.dimension() == 3
        && output.get(0) == input.get(0)
        && output.get(1) == input.get(1);
  }

  private static String describe(NDList outputs) {
    return outputs.stream()
        .map(
            output ->
                (output.getName() == null ? "" : output.getName() + " ")
                    + output.getShape().toString().replace('(', '[').replace(')', ']'))
        .collect(Collectors.joining(" and "));
  }
}
