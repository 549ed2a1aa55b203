package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The source of a model: its name, its tokenizer and its files. */
interface ModelSource {

  /** Returns the name that goes with its vectors, which cannot be compared to another model's. */
  String name();

  /**
   * Reads {@code tokenizer.json}.
   *
   * @param maxTokens 0 for any number
   */
  TextTokenizer tokenizer(int maxTokens) throws IOException;

  /** Returns what becomes of a text, beside the weights. */
  ModelRecipe recipe();

  /** Reads the files for their checksums. */
  ModelFingerprint files() throws IOException;

  /** Loads the table of a model that is one ({@link ModelRecipe#tokenTable}). */
  default TokenTable tokenTable(SentenceHead head) {
    throw new IllegalStateException(name() + " is no table of tokens");
  }

  /** Returns whether there is an ONNX file of this precision. */
  boolean hasOnnx(Settings.Precision precision);

  /** Returns that file. The caller closes it when the model is loaded. */
  ModelFile onnx(Settings.Precision precision) throws IOException;

  /** Returns the TorchScript file, if there is one. */
  Optional<Path> torchScript();

  /**
   * Finds the model, with what the settings say of it.
   *
   * @throws EmbeddingException as {@link #of(String, String)}, or if model and settings contradict
   *     each other
   */
  static ModelSource of(Settings.Embedding settings) {
    ModelSource source = of(settings.model(), settings.modelSha256());
    return new ConfiguredModel(source, source.recipe().with(settings));
  }

  /**
   * @param model as {@code embedding.model} names it: {@code bundled}, a folder, or a URL
   * @param sha256 of the archive at a URL; empty where any archive is accepted
   * @throws EmbeddingException if there is no model, or none that can be used, or another than that
   */
  static ModelSource of(String model, String sha256) {
    if (!sha256.isEmpty() && !ModelUrl.isUrl(model)) {
      throw new EmbeddingException(
          "embedding.model_sha256 is of an archive, and embedding.model is %s; expected a URL of a .zip, .tgz or .tar.gz"
              .formatted(model));
    }
    if (model.equals(Settings.Embedding.BUNDLED)) {
      return new BundledModel();
    }
    return ModelUrl.isUrl(model) ? ModelUrl.fetch(model, sha256) : ModelFolder.open(Path.of(model));
  }
}
