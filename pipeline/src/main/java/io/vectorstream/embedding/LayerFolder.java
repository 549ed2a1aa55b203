package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.embedding.Safetensors.Table;
import io.vectorstream.embedding.VectorLayer.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The folder of a layer with weights behind the pooling, such as {@code 2_Dense}. */
final class LayerFolder {
  private static final String SENTENCE = "sentence_embedding";

  private final Path folder;
  private final JsonNode config;

  private LayerFolder(Path folder) {
    this.folder = folder;
    this.config = ModelConfigs.read(folder.resolve(ModelConfigs.NAME));
  }

  /**
   * Reads a layer.
   *
   * @param name {@code Dense} or {@code LayerNorm}
   */
  static VectorLayer read(Path folder, String name) {
    checkNames(folder);
    LayerFolder layer = new LayerFolder(folder);
    if (!Files.isRegularFile(folder.resolve(Safetensors.NAME))) {
      throw layer.problem(
          "has no model.safetensors; a pytorch_model.bin is not read, as it may hold any program: load the model with sentence-transformers and save it, which writes model.safetensors");
    }
    try {
      Safetensors weights = Safetensors.open(folder.resolve(Safetensors.NAME));
      return name.equals("Dense") ? layer.dense(weights) : layer.layerNorm(weights);
    } catch (IOException e) {
      throw new EmbeddingException("embedding.model: " + e.getMessage(), e);
    }
  }

  /** Checks that a step changes the vector of a text, and not those of its tokens. */
  static void checkNames(Path folder) {
    LayerFolder layer = new LayerFolder(folder);
    for (String field : List.of("module_input_name", "module_output_name")) {
      JsonNode name = layer.config.path(field);
      if (!name.isMissingNode() && !name.isNull() && !name.asText().equals(SENTENCE)) {
        throw layer.problem("has the %s %s; expected %s".formatted(field, name.asText(), SENTENCE));
      }
    }
  }

  private VectorLayer dense(Safetensors weights) throws IOException {
    ModelConfigs.required(folder.resolve(ModelConfigs.NAME));
    Table weight = table(weights, "linear.weight");
    float[] bias =
        config.path("bias").asBoolean(true)
            ? sized(table(weights, "linear.bias"), weight.rows())
            : new float[weight.rows()];
    String type = config.path("activation_function").asText("torch.nn.modules.activation.Tanh");
    Optional<Activation> activation =
        type.startsWith("torch.nn.")
            ? Activation.of(type.substring(type.lastIndexOf('.') + 1))
            : Optional.empty();
    if (activation.isEmpty()) {
      throw problem(
          "has the activation_function %s; expected Identity, Tanh, ReLU, Sigmoid or SiLU of torch.nn"
              .formatted(type));
    }
    boolean residual = config.path("use_residual").asBoolean(false);
    Optional<Table> projection = weights.table("residual.weight");
    if (residual && projection.isEmpty() && weight.rows() != weight.columns()) {
      throw problem("has no weight named residual.weight");
    }
    return new VectorLayer.Dense(
        folder.getFileName().toString(), weight, bias, activation.get(), residual, projection);
  }

  private VectorLayer layerNorm(Safetensors weights) throws IOException {
    Table weight = table(weights, "norm.weight");
    return new VectorLayer.LayerNorm(
        weight.values(), sized(table(weights, "norm.bias"), weight.columns()));
  }

  private Table table(Safetensors weights, String name) throws IOException {
    return weights.table(name).orElseThrow(() -> problem("has no weight named " + name));
  }

  private float[] sized(Table table, int size) {
    if (table.values().length != size) {
      throw problem("has a bias of %d numbers; expected %d".formatted(table.values().length, size));
    }
    return table.values();
  }

  private EmbeddingException problem(String what) {
    return new EmbeddingException("embedding.model: the layer %s %s".formatted(folder, what));
  }
}
