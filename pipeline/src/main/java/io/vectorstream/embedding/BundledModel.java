package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** all-MiniLM-L6-v2 on the class path, in fp32. */
final class BundledModel implements ModelSource {
  static final String NAME = "all-MiniLM-L6-v2";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final String MODEL = "/all-minilm-l6-v2.onnx";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TextTokenizer tokenizer(int maxTokens) throws IOException {
    return TextTokenizer.fromResource(TOKENIZER, maxTokens);
  }

  @Override
  public boolean hasOnnx(Settings.Precision precision) {
    return precision == Settings.Precision.FP32;
  }

  @Override
  public ModelFile onnx(Settings.Precision precision) throws IOException {
    if (!hasOnnx(precision)) {
      throw new FileNotFoundException(NAME + " is not bundled in " + precision);
    }
    return ModelFile.copyOf(MODEL);
  }

  @Override
  public Optional<Path> torchScript() {
    return Optional.empty();
  }
}
