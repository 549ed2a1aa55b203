package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A model with the recipe that its files and the settings together make. */
record ConfiguredModel(ModelSource source, ModelRecipe recipe) implements ModelSource {

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public TextTokenizer tokenizer(int maxTokens) throws IOException {
    return source.tokenizer(maxTokens);
  }

  @Override
  public ModelFingerprint files() throws IOException {
    return source.files();
  }

  @Override
  public TokenTable tokenTable(SentenceHead head) {
    return source.tokenTable(head);
  }

  @Override
  public boolean hasOnnx(Settings.Precision precision) {
    return source.hasOnnx(precision);
  }

  @Override
  public ModelFile onnx(Settings.Precision precision) throws IOException {
    return source.onnx(precision);
  }

  @Override
  public Optional<Path> torchScript() {
    return source.torchScript();
  }
}
