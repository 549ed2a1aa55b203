package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of the user's: {@code tokenizer.json} with ONNX or TorchScript files beside it, or with
 * a table of tokens. The ONNX files may also be in {@code onnx/}, as in Hugging Face's
 * repositories.
 */
final class ModelFolder implements ModelSource {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String EXPECTED =
      "; expected tokenizer.json with model.onnx, one other *.onnx, or one TorchScript *.pt"
          + " (optimum-cli export onnx --task feature-extraction makes the first)";

  /**
   * The file names of export tools; the file of fp32 may have another, if it is the only one. What
   * is in no file is made from the weights in fp32.
   */
  private static final Map<Settings.Precision, List<String>> ONNX_NAMES =
      Map.of(
          Settings.Precision.FP32, List.of("model.onnx"),
          Settings.Precision.FP16, List.of("model_fp16.onnx"),
          Settings.Precision.INT8, List.of("model_int8.onnx", "model_quantized.onnx"));

  private final String name;

  /** The folder with the tokenizer and the model file: a folder within, in older models. */
  private final Path folder;

  private final FolderRecipe.Read read;
  private final Optional<Path> torchScript;

  private ModelFolder(String name, Path whole) {
    this.name = name;
    this.read = FolderRecipe.read(whole);
    this.folder = read.network();
    if (!Files.isRegularFile(folder.resolve(TOKENIZER))) {
      throw problem("has no tokenizer.json");
    }
    if (read.recipe().tokenTable()) {
      this.torchScript = Optional.empty();
      return;
    }
    this.torchScript = only(folder, ".pt", List.of("model.pt", name + ".pt"));
    if (torchScript.isEmpty() && Stream.of(Settings.Precision.values()).noneMatch(this::hasOnnx)) {
      throw problem(
          Files.isRegularFile(folder.resolve(Safetensors.NAME))
              ? "has its weights in model.safetensors alone, of which a BERT is made, but "
                  + BertExport.unfit(folder).orElseThrow()
              : "has no model file");
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
      return TextTokenizer.fromFile(folder.resolve(TOKENIZER), maxTokens, read.recipe());
    } catch (RuntimeException e) {
      throw new EmbeddingException(
          "embedding.model: %s is no tokenizer of Hugging Face's format: %s"
              .formatted(folder.resolve(TOKENIZER), e.getMessage()),
          e);
    }
  }

  @Override
  public ModelRecipe recipe() {
    return read.recipe();
  }

  @Override
  public TokenTable tokenTable(SentenceHead head) {
    return TokenTable.load(name, folder, head);
  }

  /**
   * Reads the checksums. Of files in several precisions the one in fp32 counts, whichever is
   * computed; of ONNX and TorchScript, ONNX.
   */
  @Override
  public ModelFingerprint files() throws IOException {
    List<Path> weights = new ArrayList<>();
    if (read.recipe().tokenTable()) {
      weights.add(folder.resolve(Safetensors.NAME));
    } else if (isExported(Settings.Precision.FP32)) {
      weights.add(folder.resolve(Safetensors.NAME));
      weights.add(folder.resolve(ModelConfigs.NAME));
    } else {
      weights.addAll(withExternalData(network()));
    }
    for (Path layer : read.layers()) {
      weights.add(layer.resolve(ModelConfigs.NAME));
      weights.add(layer.resolve(Safetensors.NAME));
    }
    return new ModelFingerprint(
        ModelFingerprint.sha256(weights),
        ModelFingerprint.sha256(List.of(folder.resolve(TOKENIZER))));
  }

  private Path network() {
    return find(Settings.Precision.FP32)
        .or(() -> torchScript)
        .or(() -> find(Settings.Precision.FP16))
        .or(() -> find(Settings.Precision.INT8))
        .orElseThrow();
  }

  /** Returns an ONNX file, and the files beside it that hold its weights where it is large. */
  private static List<Path> withExternalData(Path onnx) throws IOException {
    String name = onnx.getFileName().toString();
    try (Stream<Path> files = Files.list(onnx.getParent())) {
      return files
          .filter(
              file ->
                  file.equals(onnx)
                      || List.of(name + "_data", name + ".data")
                          .contains(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  @Override
  public boolean hasOnnx(Settings.Precision precision) {
    return find(precision).isPresent() || isExported(precision);
  }

  /** Returns whether the network is made of its weights, because there is no other form of it. */
  private boolean isExported(Settings.Precision precision) {
    return precision == Settings.Precision.FP32
        && torchScript.isEmpty()
        && find(precision).isEmpty()
        && BertExport.unfit(folder).isEmpty();
  }

  @Override
  public ModelFile onnx(Settings.Precision precision) throws IOException {
    if (isExported(precision)) {
      return ModelFile.exportOf(folder);
    }
    return ModelFile.of(
        find(precision)
            .orElseThrow(
                () -> new FileNotFoundException(folder + " has no ONNX file in " + precision)));
  }

  private Optional<Path> find(Settings.Precision precision) {
    for (Path place : List.of(folder, folder.resolve("onnx"))) {
      for (String file : ONNX_NAMES.getOrDefault(precision, List.of())) {
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
