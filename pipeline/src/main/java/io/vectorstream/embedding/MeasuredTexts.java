package io.vectorstream.embedding;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The texts that a model's intermediate results are measured on: products of many kinds, in a dozen
 * languages. A text that a model's vocabulary does not know is replaced by random tokens.
 */
final class MeasuredTexts {
  private static final String RESOURCE = "/models/measured-texts.txt";

  /** More tokens of a text would take time, and add little. */
  private static final int TOKENS = 64;

  private MeasuredTexts() {}

  /**
   * Returns the tokens of each text, the same ones each time.
   *
   * @param vocabulary the number of the model's tokens
   */
  static List<long[]> tokens(ModelSource source, int vocabulary) throws IOException {
    ModelRecipe recipe = source.recipe();
    try (TextTokenizer tokenizer = source.tokenizer(recipe.tokens(TOKENS))) {
      String prompt = recipe.prompts().document();
      List<long[]> tokens =
          tokenizer.tokenize(texts().stream().map(text -> prompt + text).toList());
      Random random = new Random(1);
      return tokens.stream()
          .map(text -> isKnown(text) ? text : replaced(text, random, vocabulary))
          .toList();
    }
  }

  private static List<String> texts() throws IOException {
    try (InputStream file = MeasuredTexts.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new FileNotFoundException("the class path has no " + RESOURCE);
      }
      return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }

  /** Returns false for a text that is mostly one token, which then is that for unknown words. */
  static boolean isKnown(long[] text) {
    long[] sorted = text.clone();
    Arrays.sort(sorted);
    int most = 0;
    int same = 0;
    for (int i = 0; i < sorted.length; i++) {
      same = i > 0 && sorted[i] == sorted[i - 1] ? same + 1 : 1;
      most = Math.max(most, same);
    }
    return most <= 2 || 2 * most < sorted.length;
  }

  /** Returns a text of equally many tokens; the first and the last one stay, which are special. */
  private static long[] replaced(long[] text, Random random, int vocabulary) {
    long[] other = text.clone();
    for (int i = 1; i < other.length - 1; i++) {
      other[i] = random.nextInt(vocabulary);
    }
    return other;
  }
}
