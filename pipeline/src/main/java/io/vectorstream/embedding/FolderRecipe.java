package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The recipe in a folder of Sentence Transformers: {@code modules.json} lists the steps from a text
 * to its vector, and each step has a configuration in a folder of its own. Older and newer releases
 * name steps and fields in different ways; all are read. A step that this program does not compute
 * is refused, as the vectors would be wrong without an error.
 */
final class FolderRecipe {
  private static final String PACKAGE = "sentence_transformers.";

  private static final List<String> TRANSFORMER_CONFIGS =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /** The prompts that the library has in every model, empty where the files do not name them. */
  private static final List<String> EMPTY_PROMPTS = List.of("query", "document");

  private final Path folder;
  private final List<VectorLayer> layers = new ArrayList<>();
  private final List<Path> layerFolders = new ArrayList<>();
  private Path first;
  private boolean tokenTable;
  private Optional<Pooling> pooling = Optional.empty();
  private boolean promptIsPooled = true;

  private FolderRecipe(Path folder) {
    this.folder = folder;
    this.first = folder;
  }

  /**
   * A recipe, with the places that it was read from.
   *
   * @param network the folder with the tokenizer, and with the model file or the table
   * @param layers the folders of layers that have weights
   */
  record Read(ModelRecipe recipe, Path network, List<Path> layers) {}

  /**
   * Reads the recipe.
   *
   * @throws EmbeddingException naming what this program cannot compute
   */
  static Read read(Path folder) {
    return new FolderRecipe(folder).read();
  }

  private Read read() {
    JsonNode whole = ModelConfigs.read(folder.resolve("config_sentence_transformers.json"));
    String kind = whole.path("model_type").asText("SentenceTransformer");
    if (!kind.equals("SentenceTransformer")) {
      throw cannot("it is a %s, as config_sentence_transformers.json says".formatted(kind));
    }
    JsonNode modules = ModelConfigs.read(folder.resolve("modules.json"));
    if (modules.isArray()) {
      readModules(modules);
    } else {
      readPlainFolder();
    }
    JsonNode transformer = ModelConfigs.first(first, tokenTable ? List.of() : TRANSFORMER_CONFIGS);
    checkTransformer(transformer);
    return new Read(
        new ModelRecipe(
            tokenTable,
            transformer.path("do_lower_case").asBoolean(false),
            TextLength.read(first, transformer),
            pooling,
            layers,
            promptIsPooled,
            prompts(whole),
            whole.path("truncate_dim").asInt(0)),
        first,
        layerFolders);
  }

  private void readModules(JsonNode modules) {
    List<JsonNode> inOrder = new ArrayList<>();
    modules.forEach(inOrder::add);
    inOrder.sort(Comparator.comparingInt(module -> module.path("idx").asInt()));
    for (int i = 0; i < inOrder.size(); i++) {
      readModule(
          inOrder.get(i).path("type").asText(), inOrder.get(i).path("path").asText(), i == 0);
    }
    if (inOrder.isEmpty()) {
      throw cannot("modules.json lists no modules");
    }
  }

  private void readModule(String type, String path, boolean isFirst) {
    Path place = folder.resolve(path).normalize();
    String name = type.substring(type.lastIndexOf('.') + 1);
    boolean ofOthers =
        !type.startsWith(PACKAGE)
            || type.contains(".sparse_encoder.")
            || type.contains(".cross_encoder.")
            || type.contains(".multi_vector_encoder.");
    if (ofOthers || isFirst != List.of("Transformer", "StaticEmbedding").contains(name)) {
      throw unknownModule(type);
    }
    switch (name) {
      case "Transformer" -> first = place;
      case "StaticEmbedding" -> {
        first = place;
        tokenTable = true;
      }
      case "Pooling" -> readPooling(place);
      case "Dense", "LayerNorm" -> {
        layers.add(LayerFolder.read(place, name));
        layerFolders.add(place);
      }
      case "Normalize" -> {
        LayerFolder.checkNames(place);
        layers.add(new VectorLayer.Normalize());
      }
      case "Dropout" -> {
        // It does something in training alone.
      }
      default -> throw unknownModule(type);
    }
  }

  private EmbeddingException unknownModule(String type) {
    return cannot(
        "modules.json has the module %s at a place where this program does not know it; expected Transformer or StaticEmbedding of sentence_transformers, then Pooling, Dense, LayerNorm, Normalize or Dropout"
            .formatted(type));
  }

  private void readPooling(Path place) {
    JsonNode config = ModelConfigs.required(place.resolve(ModelConfigs.NAME));
    if (tokenTable || pooling.isPresent() || !layers.isEmpty()) {
      throw cannot("modules.json has Pooling behind another step than Transformer");
    }
    promptIsPooled = config.path("include_prompt").asBoolean(true);
    JsonNode named = config.path("pooling_mode");
    List<String> modes = new ArrayList<>();
    if (named.isTextual()) {
      modes.add(named.asText());
    } else if (named.isArray()) {
      named.forEach(mode -> modes.add(mode.asText()));
    } else {
      for (Pooling.Mode mode : Pooling.Mode.values()) {
        if (config.path(mode.flag()).asBoolean(false)) {
          modes.add(mode.text());
        }
      }
    }
    checkFlags(place, config, modes);
    try {
      pooling = Optional.of(modes.isEmpty() ? Pooling.MEAN : Pooling.of(modes));
    } catch (IllegalArgumentException e) {
      throw cannot(
          "%s has the pooling_mode %s".formatted(place.resolve(ModelConfigs.NAME), e.getMessage()));
    }
  }

  /** Checks that an older configuration has no other way switched on, nor all of them off. */
  private void checkFlags(Path place, JsonNode config, List<String> modes) {
    List<String> flags = new ArrayList<>();
    List<String> on = new ArrayList<>();
    config.fieldNames().forEachRemaining(flags::add);
    flags.removeIf(flag -> !flag.startsWith(Pooling.Mode.FLAG));
    flags.stream().filter(flag -> config.path(flag).asBoolean(false)).forEach(on::add);
    Stream.of(Pooling.Mode.values()).map(Pooling.Mode::flag).forEach(on::remove);
    if (!on.isEmpty() || modes.isEmpty() && !flags.isEmpty()) {
      throw cannot(
          "%s has %s; expected one of %s to be true"
              .formatted(
                  place.resolve(ModelConfigs.NAME),
                  on.isEmpty() ? "no way of pooling that is true" : on.get(0),
                  Stream.of(Pooling.Mode.values())
                      .map(Pooling.Mode::flag)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Reads a folder without {@code modules.json}, of the library Transformers or of model2vec. */
  private void readPlainFolder() {
    JsonNode config = ModelConfigs.read(folder.resolve(ModelConfigs.NAME));
    if (config.path("model_type").asText().equals("model2vec")) {
      tokenTable = true;
      return;
    }
    for (JsonNode architecture : config.path("architectures")) {
      if (architecture.asText().endsWith("ForSequenceClassification")) {
        throw cannot(
            "it is a %s, a classifier or cross-encoder that compares two texts, as config.json says"
                .formatted(architecture.asText()));
      }
    }
    Path place = folder.resolve("1_Pooling");
    if (Files.isRegularFile(place.resolve(ModelConfigs.NAME))) {
      readPooling(place);
    }
  }

  private void checkTransformer(JsonNode transformer) {
    String task = transformer.path("transformer_task").asText("feature-extraction");
    if (!task.equals("feature-extraction")) {
      throw cannot(
          "its task is %s; expected feature-extraction (transformer_task)".formatted(task));
    }
    JsonNode kinds = transformer.path("modality_config");
    if (kinds.isObject() && (!kinds.has("text") || kinds.has("message"))) {
      throw cannot("it takes no texts as they are (modality_config)");
    }
    if (transformer.hasNonNull("query_expansion")) {
      throw cannot("it lengthens searches (query_expansion)");
    }
  }

  private Prompts prompts(JsonNode whole) {
    JsonNode prompts = whole.path("prompts");
    String name = whole.path("default_prompt_name").asText(null);
    if (name != null && !prompts.has(name) && !EMPTY_PROMPTS.contains(name)) {
      List<String> names = new ArrayList<>();
      prompts.fieldNames().forEachRemaining(names::add);
      throw cannot(
          "its default_prompt_name is '%s', as config_sentence_transformers.json says; expected %s"
              .formatted(
                  name,
                  names.isEmpty()
                      ? "prompts with that name"
                      : "one of its prompts: " + String.join(", ", names)));
    }
    String other = name == null ? "" : prompts.path(name).asText("");
    return new Prompts(
        prompt(prompts, other, "query"), prompt(prompts, other, "document", "passage", "corpus"));
  }

  /** Returns the first prompt that says something: the library stores empty ones of its own. */
  private static String prompt(JsonNode prompts, String other, String... names) {
    return Stream.of(names)
        .map(name -> prompts.path(name).asText(""))
        .filter(prompt -> !prompt.isEmpty())
        .findFirst()
        .orElse(other);
  }

  private EmbeddingException cannot(String what) {
    return new EmbeddingException(
        "embedding.model: the model in %s cannot be used: %s".formatted(folder, what));
  }
}
