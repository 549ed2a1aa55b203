package io.vectorstream.embedding;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tokenizer of Hugging Face's format, without padding. */
final class TextTokenizer implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final boolean lowerCase;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, boolean lowerCase) {
    this.tokenizer = tokenizer;
    this.lowerCase = lowerCase;
  }

  /**
   * @param resource a {@code tokenizer.json} on the class path; the padding and the truncation that
   *     it asks for are overridden
   * @param maxTokens tokens kept of a text, the special ones included
   */
  static TextTokenizer fromResource(String resource, int maxTokens) throws IOException {
    try (InputStream json = TextTokenizer.class.getResourceAsStream(resource)) {
      if (json == null) {
        throw new FileNotFoundException("the class path has no " + resource);
      }
      return read(json, maxTokens, ModelRecipe.SILENT);
    }
  }

  /**
   * Loads it from a file.
   *
   * @param maxTokens 0 for any number
   * @param recipe says whether texts are written in small letters, and get special tokens
   */
  static TextTokenizer fromFile(Path file, int maxTokens, ModelRecipe recipe) throws IOException {
    try (InputStream json = Files.newInputStream(file)) {
      return read(json, maxTokens, recipe);
    }
  }

  private static TextTokenizer read(InputStream json, int maxTokens, ModelRecipe recipe)
      throws IOException {
    Djl.prepare();
    Map<String, String> options = new HashMap<>();
    options.put("padding", "false");
    options.put("truncation", Boolean.toString(maxTokens > 0));
    if (maxTokens > 0) {
      options.put("maxLength", Integer.toString(maxTokens));
    }
    options.put("addSpecialTokens", Boolean.toString(!recipe.tokenTable()));
    return new TextTokenizer(HuggingFaceTokenizer.newInstance(json, options), recipe.lowerCase());
  }

  @Override
  public List<long[]> tokenize(List<String> texts) {
    List<String> given =
        lowerCase ? texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList() : texts;
    List<long[]> tokens = new ArrayList<>(texts.size());
    for (Encoding encoding : tokenizer.batchEncode(given)) {
      tokens.add(encoding.getIds());
    }
    return tokens;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
