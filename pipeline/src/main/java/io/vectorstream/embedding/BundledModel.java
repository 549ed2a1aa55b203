package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** all-MiniLM-L6-v2 on the class path, in fp32. */
final class BundledModel implements ModelSource {
  static final String NAME = "all-MiniLM-L6-v2";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  static final String MODEL = "/all-minilm-l6-v2.onnx";

  private static final TextLength LENGTH = new TextLength(256, 512);

  /** The SHA-256 of the file of weights, which is too large to be read for it at each start. */
  static final String WEIGHTS_SHA256 =
      "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TextTokenizer tokenizer(int maxTokens) throws IOException {
    return TextTokenizer.fromResource(TOKENIZER, maxTokens);
  }

  @Override
  public ModelRecipe recipe() {
    ModelRecipe silent = ModelRecipe.SILENT;
    return new ModelRecipe(
        silent.tokenTable(),
        silent.lowerCase(),
        LENGTH,
        silent.pooling(),
        silent.layers(),
        silent.promptIsPooled(),
        silent.prompts(),
        silent.dimensions());
  }

  @Override
  public ModelFingerprint files() throws IOException {
    try (InputStream tokenizer = BundledModel.class.getResourceAsStream(TOKENIZER)) {
      if (tokenizer == null) {
        throw new FileNotFoundException("the class path has no " + TOKENIZER);
      }
      return new ModelFingerprint(WEIGHTS_SHA256, ModelFingerprint.sha256(tokenizer));
    }
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
