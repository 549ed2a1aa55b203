package io.vectorstream.embedding;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tokenizer that turns texts into a model's token ids, without padding. */
final class TextTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  private TextTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
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
      return read(json, maxTokens);
    }
  }

  /** Loads the same from a file. */
  static TextTokenizer fromFile(Path file, int maxTokens) throws IOException {
    try (InputStream json = Files.newInputStream(file)) {
      return read(json, maxTokens);
    }
  }

  private static TextTokenizer read(InputStream json, int maxTokens) throws IOException {
    Djl.prepare();
    Map<String, String> options =
        Map.of("padding", "false", "truncation", "true", "maxLength", Integer.toString(maxTokens));
    return new TextTokenizer(HuggingFaceTokenizer.newInstance(json, options));
  }

  List<long[]> tokenize(List<String> texts) {
    List<long[]> tokens = new ArrayList<>(texts.size());
    for (Encoding encoding : tokenizer.batchEncode(texts)) {
      tokens.add(encoding.getIds());
    }
    return tokens;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
