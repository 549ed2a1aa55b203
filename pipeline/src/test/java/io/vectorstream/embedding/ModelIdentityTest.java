package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes two models the same one, and what does not. */
class ModelIdentityTest {
  @TempDir private Path temp;

  @Test
  void the_same_files_in_another_folder_are_the_same_model() throws IOException {
    Path one = TinyModels.folder(temp.resolve("one"), "bert", "mean-old");
    Path other = temp.resolve("another-name");
    Files.move(TinyModels.folder(temp.resolve("two"), "bert", "mean-old"), other);

    assertThat(identity(one).made(identity(other).toString())).isTrue();
    assertThat(identity(other).toString()).startsWith("another-name@");
  }

  @Test
  void other_files_in_the_same_folder_are_another_model() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    ModelIdentity before = identity(folder);
    for (String file : List.of("model.onnx", "tokenizer.json", "2_Dense/model.safetensors")) {
      Path changed = folder.resolve(file);
      byte[] bytes = Files.readAllBytes(changed);
      byte[] others = bytes.clone();
      others[others.length - 1] ^= 1;
      Files.write(changed, others);

      assertThat(identity(folder).made(before.toString())).as(file).isFalse();
      assertThat(identity(folder).despiteItsName(before.toString())).isPresent();
      Files.write(changed, bytes);
    }
    assertThat(identity(folder).made(before.toString())).isTrue();
  }

  @Test
  void weights_beside_the_network_belong_to_it() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "mean-old");
    ModelIdentity before = identity(folder);
    Files.write(folder.resolve("model.onnx_data"), new byte[] {1, 2, 3});

    assertThat(identity(folder).made(before.toString())).isFalse();
  }

  @Test
  void pooling_prompts_and_dimensions_make_another_model_and_precision_and_length_do_not()
      throws IOException {
    Path folder = TinyModels.plain(temp, "bert");
    ModelIdentity before = identity(folder, "auto", "auto", "auto", 0);

    assertThat(identity(folder, "mean", "", "", 0).made(before.toString())).isTrue();
    assertThat(identity(folder, "cls", "", "", 0).made(before.toString())).isFalse();
    assertThat(identity(folder, "mean", "query: ", "", 0).made(before.toString())).isFalse();
    assertThat(identity(folder, "mean", "", "passage: ", 0).made(before.toString())).isFalse();
    assertThat(identity(folder, "mean", "", "", 8).made(before.toString())).isFalse();
    // The file in fp32 counts, whatever is beside it.
    Files.copy(folder.resolve("model.onnx"), folder.resolve("model_int8.onnx"));
    assertThat(identity(folder, "mean", "", "", 0).made(before.toString())).isTrue();
  }

  @Test
  void a_name_that_an_older_version_stored_is_known_where_it_computed_the_same()
      throws IOException {
    ModelIdentity mean = identity(TinyModels.folder(temp, "bert", "mean-old"));
    ModelIdentity prompts = identity(TinyModels.folder(temp, "bert", "prompts"));
    ModelIdentity cls = identity(TinyModels.folder(temp, "bert", "new-cls"));
    ModelIdentity bundled = PlainModel.identityOf(EmbeddingTestParts.settings());

    assertThat(bundled.made("all-MiniLM-L6-v2")).isTrue();
    assertThat(mean.made("mean-old")).isTrue();
    assertThat(mean.made("another")).isFalse();
    assertThat(prompts.made("prompts")).isFalse();
    assertThat(cls.made("new-cls")).isFalse();
    assertThat(cls.despiteItsName("new-cls").orElseThrow()).contains("older version");
    assertThat(cls.despiteItsName("another")).isEmpty();
  }

  @Test
  void the_bundled_model_and_a_folder_with_its_files_are_the_same() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("a-copy"));
    copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
    copy(BundledModel.MODEL, folder.resolve("model.onnx"));

    // So is the checksum that the program does not compute itself.
    assertThat(
            identity(folder).made(PlainModel.identityOf(EmbeddingTestParts.settings()).toString()))
        .isTrue();
  }

  @Test
  void a_probes_fingerprint_is_near_for_near_vectors_and_far_for_others() {
    Random random = new Random(1);
    int nearOnes = 0;
    for (int round = 0; round < 50; round++) {
      List<float[]> vectors = List.of(unit(random, 384), unit(random, 384));
      String one = ProbeFingerprint.of(vectors, "recipe");
      List<float[]> near = new ArrayList<>();
      vectors.forEach(vector -> near.add(moved(vector, random, 0.03)));
      assertThat(ProbeFingerprint.areNear(one, ProbeFingerprint.of(near, "recipe"))).isTrue();
      assertThat(ProbeFingerprint.areNear(one, ProbeFingerprint.of(vectors, "other"))).isFalse();
      List<float[]> far = new ArrayList<>();
      // A cosine of about 0.9: a model that was trained further.
      vectors.forEach(vector -> far.add(moved(vector, random, 0.5)));
      nearOnes += ProbeFingerprint.areNear(one, ProbeFingerprint.of(far, "recipe")) ? 1 : 0;
    }
    assertThat(nearOnes).isZero();
    assertThat(ProbeFingerprint.areNear("", "")).isFalse();
  }

  private static float[] unit(Random random, int size) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return new VectorLayer.Normalize().apply(vector);
  }

  private static float[] moved(float[] vector, Random random, double by) {
    float[] other = unit(random, vector.length);
    float[] moved = vector.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (by * other[i]);
    }
    return moved;
  }

  private static ModelIdentity identity(Path folder) {
    return identity(folder, "auto", "auto", "auto", 0);
  }

  private static ModelIdentity identity(
      Path folder, String pooling, String query, String document, int dimensions) {
    return PlainModel.identityOf(
        EmbeddingTestParts.settings(folder.toString(), pooling, query, document, dimensions));
  }

  private static void copy(String resource, Path file) throws IOException {
    try (InputStream in = ModelIdentityTest.class.getResourceAsStream(resource)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
