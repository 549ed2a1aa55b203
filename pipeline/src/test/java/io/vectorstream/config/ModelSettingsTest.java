package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSettingsTest {

  private static final String URL = "embedding.remote.url=https://example.org/v1/embeddings";

  @TempDir private Path next;
  @TempDir private Path former;

  private static Settings.Embedding embedding(String... given) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of(given)).embedding();
  }

  @Test
  void a_machine_keeps_what_is_its_own_and_takes_all_of_the_model() {
    Settings.Embedding model =
        embedding(
            "embedding.model=" + next,
            "embedding.pooling=cls",
            "embedding.query_prompt=query: ",
            "embedding.document_prompt=",
            "embedding.dimensions=128",
            "embedding.max_tokens=64",
            "embedding.threads=7");
    Settings.Embedding machine =
        embedding(
            "embedding.query_prompt=old: ",
            "embedding.threads=3",
            "embedding.batch_size=5",
            "embedding.precision=int8");

    Settings.Embedding both = ModelSettings.apply(ModelSettings.of(model), machine);

    assertThat(ModelSettings.of(both)).isEqualTo(ModelSettings.of(model));
    assertThat(both.threads()).isEqualTo(3);
    assertThat(both.batchSize()).isEqualTo(5);
    assertThat(both.precision()).isEqualTo(Settings.Precision.INT8);
  }

  @Test
  void every_setting_that_differs_is_named_and_none_that_does_not() {
    Map<String, String> newer =
        ModelSettings.of(
            embedding("embedding.model=" + next, "embedding.document_prompt=passage: "));
    Map<String, String> present =
        ModelSettings.of(
            embedding(
                "embedding.model=" + former, "embedding.pooling=cls", "embedding.dimensions=64"));

    assertThat(ModelSettings.differing(newer, present))
        .isEqualTo(
            Map.of(
                "embedding.model", next.toString(),
                "embedding.document_prompt", "passage: ",
                "embedding.pooling", "auto",
                "embedding.dimensions", "0"));
    assertThat(ModelSettings.differing(newer, newer)).isEmpty();
  }

  @Test
  void a_key_goes_to_the_server_that_it_was_given_for_alone() {
    Settings.Embedding machine =
        embedding(
            "embedding.model=remote",
            URL,
            "embedding.remote.model=old",
            "embedding.remote.api_key=sk-0123456789");
    Map<String, String> same = ModelSettings.of(machine);
    Map<String, String> other =
        ModelSettings.of(
            embedding(
                "embedding.model=remote",
                "embedding.remote.url=https://elsewhere.example/v1/embeddings",
                "embedding.remote.model=new"));

    assertThat(same).doesNotContainValue("sk-0123456789");
    assertThat(ModelSettings.apply(same, machine).remote().apiKey().value())
        .isEqualTo("sk-0123456789");
    assertThat(ModelSettings.apply(other, machine).remote().apiKey().isEmpty()).isTrue();
    assertThat(ModelSettings.apply(other, machine).remote().model()).isEqualTo("new");
  }
}
