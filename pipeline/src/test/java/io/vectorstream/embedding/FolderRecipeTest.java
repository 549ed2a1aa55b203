package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder's files say, what the settings may add, and what is refused by its name. */
class FolderRecipeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sentence_transformers.models.CNN                                            | CNN
          sentence_transformers.models.WeightedLayerPooling                           | WeightedLayerPooling
          sentence_transformers.base.modules.router.Router                            | Router
          sentence_transformers.sparse_encoder.models.SpladePooling                   | SpladePooling
          sentence_transformers.cross_encoder.modules.logit_score.LogitScore          | LogitScore
          our_own_code.Pooling                                                        | our_own_code.Pooling
          """)
  void a_step_that_is_not_computed_is_refused_by_its_name(String type, String named)
      throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(
        folder.resolve("modules.json"),
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "%s"}]
        """
            .formatted(type));

    assertRefused(folder, "modules.json has the module", named);
  }

  @Test
  void a_first_step_of_another_kind_is_refused() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(
        folder.resolve("modules.json"),
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.CLIPModel"}]
        """);

    assertRefused(folder, "sentence_transformers.models.CLIPModel");
  }

  @ParameterizedTest
  @CsvSource({"SparseEncoder", "CrossEncoder", "MultiVectorEncoder"})
  void another_kind_of_model_is_refused_by_its_name(String kind) throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(
        folder.resolve("config_sentence_transformers.json"),
        "{\"model_type\": \"%s\"}".formatted(kind));

    assertRefused(folder, "it is a " + kind);
  }

  @Test
  void a_classifier_without_modules_is_refused() throws IOException {
    Path folder = TinyModels.plain(temp, "bert");
    set(folder.resolve("config.json"), "architectures", "BertForSequenceClassification");

    assertRefused(folder, "BertForSequenceClassification", "cross-encoder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          transformer_task | "fill-mask"                | fill-mask
          modality_config  | {"image": {}}              | modality_config
          modality_config  | {"text": {}, "message": {}} | modality_config
          query_expansion  | {"strategy": "fixed"}      | query_expansion
          """)
  void a_network_that_does_something_else_with_texts_is_refused(
      String field, String value, String named) throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(folder.resolve("sentence_bert_config.json"), "{\"%s\": %s}".formatted(field, value));

    assertRefused(folder, named);
  }

  @Test
  void an_unknown_pooling_is_refused() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "new-cls");
    write(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": [\"cls\", \"attention\"]}");

    assertRefused(folder, "'attention', expected one of cls, max, mean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1_Pooling", "2_Dense"})
  void a_step_without_its_configuration_is_refused(String step) throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    Files.delete(folder.resolve(step).resolve("config.json"));

    assertRefused(folder, "there is no file", step, "expected the whole folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pooling_mode_mean_tokens": false}                                    | no way of pooling that is true
          {"pooling_mode_cls_token": true, "pooling_mode_attention_tokens": true} | pooling_mode_attention_tokens
          """)
  void an_older_pooling_that_is_none_or_unknown_is_refused(String config, String named)
      throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(folder.resolve("1_Pooling/config.json"), config);

    assertRefused(folder, named, "pooling_mode_cls_token");
  }

  @ParameterizedTest
  @CsvSource({
    "activation_function, torch.nn.modules.activation.Hardtanh",
    "activation_function, our_own_code.Tanh",
    "module_input_name, token_embeddings"
  })
  void a_layer_that_is_not_computed_is_refused(String field, String value) throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    set(folder.resolve("2_Dense/config.json"), field, value);

    assertRefused(folder, "2_Dense", value);
  }

  @Test
  void a_layer_with_its_weights_in_a_pickle_is_refused_with_the_way_out() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    Files.move(
        folder.resolve("2_Dense/model.safetensors"), folder.resolve("2_Dense/pytorch_model.bin"));

    assertRefused(folder, "2_Dense has no model.safetensors", "save it");
  }

  @Test
  void layers_that_do_not_fit_are_found_at_the_start() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    write(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"mean\"}");

    assertThatThrownBy(() -> EmbeddingService.open(of(folder)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("the layer 2_Dense takes 48 numbers, but gets 16");
  }

  @Test
  void a_file_that_is_no_json_is_named() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    write(folder.resolve("modules.json"), "[{");

    assertRefused(folder, "modules.json is no JSON");
  }

  @Test
  void weights_alone_of_another_network_than_a_bert_are_told_what_to_do() throws IOException {
    Path folder = TinyModels.folder(temp, "roberta", "xlm-roberta");
    Files.move(folder.resolve("model.onnx"), folder.resolve("model.safetensors"));

    assertRefused(
        folder,
        "weights in model.safetensors alone, of which a BERT is made, but it is a xlm-roberta",
        "optimum-cli export onnx");
  }

  @Test
  void a_table_with_more_than_a_table_is_refused() throws IOException {
    Path folder = TinyModels.folder(temp, "table", "table");
    byte[] table = Files.readAllBytes(folder.resolve("model.safetensors"));
    String whole = new String(table, StandardCharsets.ISO_8859_1);
    Files.write(
        folder.resolve("model.safetensors"),
        whole
            .replace("\"embedding.weight\"", "\"mapping_of_rows_\"")
            .getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> EmbeddingService.open(of(folder)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("has the tensors mapping_of_rows_; expected a table alone");
  }

  @Test
  void a_prompt_that_is_left_out_of_the_pooling_is_refused_unless_there_is_none()
      throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "prompts");
    write(
        folder.resolve("1_Pooling/config.json"),
        "{\"pooling_mode\": \"mean\", \"include_prompt\": false}");
    ModelRecipe recipe = ModelFolder.open(folder).recipe();

    assertThatThrownBy(() -> recipe.with(of(folder)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("include_prompt: false");
    assertThat(recipe.with(of(folder, "auto", "", "", 0)).prompts()).isEqualTo(Prompts.NONE);
  }

  @Test
  void a_default_prompt_that_is_none_of_the_prompts_is_refused_by_its_name() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    Path config = folder.resolve("config_sentence_transformers.json");
    write(config, "{\"prompts\": {\"s2p\": \"Query: \"}, \"default_prompt_name\": \"s2s\"}");

    assertRefused(folder, "default_prompt_name is 's2s'", "; expected one of its prompts: s2p");
    write(config, "{\"prompts\": {\"s2p\": \"Query: \"}, \"default_prompt_name\": \"s2p\"}");
    assertThat(ModelFolder.open(folder).recipe().prompts())
        .isEqualTo(new Prompts("Query: ", "Query: "));
    for (String without :
        List.of(
            "{\"default_prompt_name\": null}",
            "{\"prompts\": {}, \"default_prompt_name\": \"query\"}")) {
      write(config, without);
      assertThat(ModelFolder.open(folder).recipe().prompts()).as(without).isEqualTo(Prompts.NONE);
    }
  }

  @Test
  void settings_decide_where_the_files_are_silent() throws IOException {
    Path folder = TinyModels.plain(temp, "bert");
    ModelRecipe recipe = ModelFolder.open(folder).recipe();

    assertThat(recipe.pooling()).isEmpty();
    assertThat(recipe.prompts()).isEqualTo(Prompts.NONE);
    ModelRecipe silent = recipe.with(of(folder));
    assertThat(silent.head()).isEqualTo(SentenceHead.MEAN);
    ModelRecipe chosen = recipe.with(of(folder, "cls,mean", "query: ", "passage: ", 7));
    assertThat(chosen.pooling()).isEqualTo(Optional.of(Pooling.of(List.of("cls", "mean"))));
    assertThat(chosen.prompts()).isEqualTo(new Prompts("query: ", "passage: "));
    assertThat(chosen.dimensions()).isEqualTo(7);
  }

  @Test
  void a_pooling_that_contradicts_the_files_is_refused_and_prompts_may_differ() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "prompts");
    ModelRecipe recipe = ModelFolder.open(folder).recipe();

    assertThatThrownBy(() -> recipe.with(of(folder, "cls", "auto", "auto", 0)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("embedding.pooling is cls, but the files")
        .hasMessageContaining("say mean; expected auto");
    assertThat(recipe.with(of(folder, "mean", "", "auto", 0)).prompts())
        .isEqualTo(new Prompts("", "passage: "));
  }

  @Test
  void more_dimensions_than_there_are_are_refused() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");

    assertThatThrownBy(() -> EmbeddingService.open(of(folder, "auto", "auto", "auto", 17)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining(
            "embedding.dimensions is 17, but the model's vectors have 16 numbers");
  }

  @Test
  void texts_are_as_long_as_the_files_say_and_settings_may_say_more_or_less() throws IOException {
    ModelRecipe bert =
        ModelFolder.open(TinyModels.folder(temp, "bert", "short-and-lower")).recipe();
    ModelRecipe roberta =
        ModelFolder.open(TinyModels.folder(temp, "roberta", "xlm-roberta")).recipe();
    ModelRecipe table = ModelFolder.open(TinyModels.folder(temp, "table", "table")).recipe();

    assertThat(bert.tokens(0)).isEqualTo(9);
    assertThat(bert.tokens(20)).isEqualTo(20);
    // Positions for more there are not.
    assertThat(bert.tokens(1000)).isEqualTo(64);
    // Two of its 34 positions belong to the padding.
    assertThat(roberta.tokens(0)).isEqualTo(32);
    assertThat(roberta.tokens(1000)).isEqualTo(32);
    assertThat(table.tokens(0)).isZero();
    assertThat(ModelRecipe.SILENT.tokens(0)).isEqualTo(256);
  }

  @Test
  void an_older_folder_may_have_its_network_in_a_folder_within() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    Path network = Files.createDirectory(folder.resolve("0_Transformer"));
    for (String file : List.of("model.onnx", "tokenizer.json", "sentence_bert_config.json")) {
      Files.move(folder.resolve(file), network.resolve(file));
    }
    write(
        folder.resolve("modules.json"),
        """
        [{"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 0, "path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}]
        """);

    try (EmbeddingService service = EmbeddingService.open(of(folder))) {
      assertThat(service.embed(List.of("red shoes")).get(0)).hasSize(16);
      assertThat(service.modelName()).startsWith("mean-old@");
    }
  }

  private static Settings.Embedding of(Path folder) {
    return settings(folder.toString(), Engine.AUTO, Precision.FP32);
  }

  private static Settings.Embedding of(
      Path folder, String pooling, String query, String document, int dimensions) {
    return EmbeddingTestParts.settings(folder.toString(), pooling, query, document, dimensions);
  }

  private static void assertRefused(Path folder, String... words) {
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageStartingWith("embedding.model: ")
        .hasMessageContainingAll(words);
  }

  private static void set(Path file, String field, String value) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    if (field.equals("architectures")) {
      config.putArray(field).add(value);
    } else {
      config.put(field, value);
    }
    JSON.writeValue(file.toFile(), config);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
