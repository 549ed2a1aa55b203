package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** all-MiniLM-L6-v2 on the class path, in fp32 and in int8. */
final class BundledModel implements ModelSource {
  static final String NAME = "all-MiniLM-L6-v2";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final Map<Settings.Precision, String> FILES =
      Map.of(
          Settings.Precision.FP32, "/all-minilm-l6-v2.onnx",
          Settings.Precision.INT8, "/all-minilm-l6-v2-q.onnx");

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
    return FILES.containsKey(precision);
  }

  @Override
  public ModelFile onnx(Settings.Precision precision) throws IOException {
    if (!hasOnnx(precision)) {
      throw new FileNotFoundException(NAME + " is not bundled in " + precision);
    }
    return ModelFile.copyOf(FILES.get(precision));
  }

  @Override
  public Optional<Path> torchScript() {
    return Optional.empty();
  }
}
