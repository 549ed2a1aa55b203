package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkAuthenticationTest {
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";

  @AfterEach
  void forget() {
    System.clearProperty(AUTHENTICATE);
    System.clearProperty(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "k8s://https://head:6443", "local-cluster[2,1,1024]"})
  void a_cluster_authenticates_and_encrypts_by_itself(String master) {
    Settings.Spark spark = settings("spark.master=" + master);

    assertThat(SubmittedSpark.defaults(spark))
        .containsEntry(AUTHENTICATE, "true")
        .containsEntry("spark.network.crypto.enabled", "true")
        .containsEntry("spark.network.crypto.cipher", "AES/GCM/NoPadding")
        .containsEntry("spark.io.encryption.enabled", "true");
    assertThatCode(() -> SparkAuthentication.require(spark)).doesNotThrowAnyException();
  }

  @Test
  void a_master_of_spark_s_own_is_refused_without_a_secret(@TempDir Path folder)
      throws IOException {
    String master = "spark.master=spark://head:7077";
    assertThatThrownBy(() -> SparkAuthentication.require(settings(master)))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("there is no secret for spark.master: spark://head:7077")
        .hasMessageContaining("spark.secret_file")
        .hasMessageContaining("spark.allow_unauthenticated: true");

    Path file = Files.writeString(folder.resolve("secret"), "of-the-whole-cluster\n");
    Settings.Spark withFile = settings(master, "spark.secret_file=" + file);
    assertThatCode(() -> SparkAuthentication.require(withFile)).doesNotThrowAnyException();
    assertThat(SubmittedSpark.defaults(withFile)).containsEntry(SECRET, "of-the-whole-cluster");
    System.setProperty(SECRET, "of spark-submit");
    assertThatCode(() -> SparkAuthentication.require(settings(master))).doesNotThrowAnyException();

    Files.writeString(file, "guessed\n");
    assertThatThrownBy(() -> settings(master, "spark.secret_file=" + file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "spark.secret_file: the secret has 7 characters; expected 16 or more");
    assertThatThrownBy(() -> settings(master, "spark.secret=guessed"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("spark.secret: the secret has 7 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark://head:7077", "yarn", "k8s://https://head:6443", "local-cluster[2,1,1024]"})
  void a_cluster_that_is_told_not_to_authenticate_is_refused(String master) {
    String off = "spark.properties.spark.authenticate=false";
    assertThatThrownBy(() -> SparkAuthentication.require(settings("spark.master=" + master, off)))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("spark.authenticate is false with spark.master: " + master)
        .hasMessageContaining("spark.allow_unauthenticated: true");
    System.setProperty(AUTHENTICATE, "false");
    assertThatThrownBy(() -> SparkAuthentication.require(settings("spark.master=" + master)))
        .isInstanceOf(PipelineException.class);
  }

  @Test
  void who_says_so_gets_a_cluster_without_authentication() {
    Settings.Spark spark =
        settings("spark.master=spark://head:7077", "spark.allow_unauthenticated=true");

    assertThatCode(() -> SparkAuthentication.require(spark)).doesNotThrowAnyException();
    assertThat(SubmittedSpark.defaults(spark).keySet())
        .noneMatch(name -> name.startsWith("spark.authenticate") || name.contains("crypt"));
  }

  @Test
  void within_one_process_nothing_is_encrypted_but_others_on_the_machine_are_kept_out() {
    assertThat(SubmittedSpark.defaults(settings("spark.master=local[2]")))
        .containsEntry(AUTHENTICATE, "true")
        .doesNotContainKey(SECRET)
        .doesNotContainKey("spark.io.encryption.enabled");
  }

  @Test
  void jobs_cannot_be_killed_from_spark_s_pages() {
    for (String master : List.of("local[2]", "yarn", "spark://head:7077")) {
      assertThat(SubmittedSpark.defaults(settings("spark.master=" + master)))
          .containsEntry("spark.ui.killEnabled", "false");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark.driver.bindAddress", "spark.driver.host"})
  void a_spark_of_this_machine_alone_is_not_opened_to_others(String setting) {
    assertThatThrownBy(
            () ->
                LocalHost.prepare(
                    settings("spark.master=local[2]", "spark.properties." + setting + "=0.0.0.0")))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining(setting + " is 0.0.0.0")
        .hasMessageContaining("expected 127.0.0.1");
    assertThat(LocalHost.settings(settings("spark.master=local-cluster[2,1,1024]")))
        .containsEntry(setting, "127.0.0.1");
  }

  private static Settings.Spark settings(String... overrides) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of(overrides))
        .withFilesRead()
        .spark();
  }
}
