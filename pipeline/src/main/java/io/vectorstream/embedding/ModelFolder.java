package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of the user's: {@code tokenizer.json} with ONNX or TorchScript files beside it. The ONNX
 * files may also be in {@code onnx/}, as in Hugging Face's repositories.
 */
final class ModelFolder implements ModelSource {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String EXPECTED =
      "; expected tokenizer.json with model.onnx, one other *.onnx, or one TorchScript *.pt";

  /** The file names of export tools; the file of fp32 may have another, if it is the only one. */
  private static final Map<Settings.Precision, List<String>> ONNX_NAMES =
      Map.of(
          Settings.Precision.FP32, List.of("model.onnx"),
          Settings.Precision.FP16, List.of("model_fp16.onnx"),
          // It is made from the weights in fp32.
          Settings.Precision.BF16, List.of(),
          Settings.Precision.INT8, List.of("model_int8.onnx", "model_quantized.onnx"));

  /** The file in which Sentence Transformers say how vectors of tokens are combined. */
  private static final String POOLING = "1_Pooling/config.json";

  private final String name;
  private final Path folder;
  private final Optional<Path> torchScript;

  private ModelFolder(String name, Path folder) {
    this.name = name;
    this.folder = folder;
    this.torchScript = only(folder, ".pt", List.of("model.pt", name + ".pt"));
    if (!Files.isRegularFile(folder.resolve(TOKENIZER))) {
      throw problem("has no tokenizer.json");
    }
    if (torchScript.isEmpty() && Stream.of(Settings.Precision.values()).noneMatch(this::hasOnnx)) {
      throw problem("has no model file");
    }
    checkPooling(folder.resolve(POOLING));
  }

  private static void checkPooling(Path config) {
    if (!Files.isRegularFile(config)) {
      return;
    }
    try {
      if (!new ObjectMapper()
          .readTree(config.toFile())
          .path("pooling_mode_mean_tokens")
          .asBoolean(true)) {
        throw new EmbeddingException(
            "embedding.model: the model takes something else than the mean of its tokens, as %s says; expected pooling_mode_mean_tokens: true, without which its vectors would be wrong"
                .formatted(config));
      }
    } catch (IOException e) {
      throw new EmbeddingException("embedding.model: cannot read " + config, e);
    }
  }

  /**
   * Opens a folder.
   *
   * @throws EmbeddingException if it holds no model, or several that are equally suitable
   */
  static ModelFolder open(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    return open(whole, String.valueOf(whole.getFileName()));
  }

  static ModelFolder open(Path folder, String name) {
    if (!Files.isDirectory(folder)) {
      throw new EmbeddingException(
          "embedding.model: there is no folder "
              + folder
              + "; it has to be on every machine that embeds");
    }
    return new ModelFolder(name, folder);
  }

  private EmbeddingException problem(String what) {
    return new EmbeddingException(
        "embedding.model: the folder %s %s%s".formatted(folder, what, EXPECTED));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TextTokenizer tokenizer(int maxTokens) throws IOException {
    try {
      return TextTokenizer.fromFile(folder.resolve(TOKENIZER), maxTokens);
    } catch (RuntimeException e) {
      throw new EmbeddingException(
          "embedding.model: %s is no tokenizer of Hugging Face's format: %s"
              .formatted(folder.resolve(TOKENIZER), e.getMessage()),
          e);
    }
  }

  @Override
  public boolean hasOnnx(Settings.Precision precision) {
    return find(precision).isPresent();
  }

  @Override
  public ModelFile onnx(Settings.Precision precision) throws IOException {
    return ModelFile.of(
        find(precision)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        folder + " has no " + ONNX_NAMES.get(precision).get(0))));
  }

  private Optional<Path> find(Settings.Precision precision) {
    for (Path place : List.of(folder, folder.resolve("onnx"))) {
      for (String file : ONNX_NAMES.get(precision)) {
        if (Files.isRegularFile(place.resolve(file))) {
          return Optional.of(place.resolve(file));
        }
      }
    }
    return precision == Settings.Precision.FP32
        ? only(folder, ".onnx", List.of(name + ".onnx"))
        : Optional.empty();
  }

  @Override
  public Optional<Path> torchScript() {
    return torchScript;
  }

  /** Returns the file with one of the names, or the only one with this ending and another name. */
  private Optional<Path> only(Path place, String ending, List<String> names) {
    List<Path> files;
    try (Stream<Path> all = Files.list(place)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> file.getFileName().toString().endsWith(ending))
              .filter(file -> !isOfAnotherPrecision(file))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new EmbeddingException("embedding.model: cannot read the folder " + place, e);
    }
    Optional<Path> named =
        files.stream().filter(file -> names.contains(file.getFileName().toString())).findFirst();
    if (named.isEmpty() && files.size() > 1) {
      throw problem(
          "has several models (%s, %s) and none named %s"
              .formatted(files.get(0).getFileName(), files.get(1).getFileName(), "model" + ending));
    }
    return named.or(() -> files.stream().findFirst());
  }

  private static boolean isOfAnotherPrecision(Path file) {
    String name = file.getFileName().toString();
    return ONNX_NAMES.get(Settings.Precision.FP16).contains(name)
        || ONNX_NAMES.get(Settings.Precision.INT8).contains(name);
  }
}
