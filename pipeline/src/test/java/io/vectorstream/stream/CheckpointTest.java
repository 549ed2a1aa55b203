package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.TopicIdentity;
import io.vectorstream.store.BatchMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final TopicIdentity CLICKS = new TopicIdentity("clicks", "q1Ru5cXhQ0CkPYKhBsYw5g");

  @TempDir Path temporary;
  private Path folder;
  private Checkpoint checkpoint;

  @BeforeEach
  void choose() {
    folder = temporary.resolve("progress");
    checkpoint = checkpoint(folder.toString());
  }

  @Test
  void it_is_new_until_the_first_batch_is_planned() throws IOException {
    assertThat(checkpoint.isNew()).isTrue();

    checkpoint.note(CLICKS);
    Files.createDirectories(folder.resolve("offsets"));
    assertThat(checkpoint.isNew()).isTrue();

    plan(0, 1, "{\"clicks\":{\"0\":5}}");
    assertThat(checkpoint.isNew()).isFalse();
  }

  @Test
  void the_topic_that_was_noted_is_the_topic_that_it_is_about() {
    assertThat(checkpoint.topic()).isEmpty();

    checkpoint.note(CLICKS);
    assertThat(checkpoint.topic()).contains(CLICKS);
    assertThat(checkpoint(folder.toString()).topic()).contains(CLICKS);

    TopicIdentity madeAgain = new TopicIdentity("clicks", "another");
    checkpoint.note(madeAgain);
    assertThat(checkpoint.topic()).contains(madeAgain);
  }

  @Test
  void the_plan_of_a_batch_is_named_by_its_offsets_alone() throws IOException {
    plan(0, 1_700_000_000_000L, "{\"clicks\":{\"0\":5}}");
    plan(1, 1_700_000_010_000L, "{\"clicks\":{\"0\":5}}");
    plan(2, 1_700_000_000_000L, "{\"clicks\":{\"0\":6}}");
    plan(3, 1_700_000_000_000L, "{\"clicks\":{\"0\":5,\"1\":0}}");

    assertThat(name(1)).isEqualTo(name(0));
    assertThat(List.of(name(0), name(2), name(3)))
        .doesNotHaveDuplicates()
        .allMatch(plan -> plan.matches("[0-9a-f]{8}"));
    assertThat(checkpoint.plan(1).atMicros()).isEqualTo(1_700_000_010_000_000L);
  }

  private String name(long batch) {
    return checkpoint.plan(batch).name();
  }

  @Test
  void a_batch_that_was_not_planned_has_no_plan() throws IOException {
    plan(0, 1, "{\"clicks\":{\"0\":5}}");

    assertThatThrownBy(() -> checkpoint.plan(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the checkpoint " + folder + " (stream.checkpoint) cannot be used");
  }

  @Test
  void a_checkpoint_that_is_a_file_is_refused_with_its_name() throws IOException {
    Files.writeString(folder, "not a folder");

    assertThatThrownBy(() -> checkpoint.note(CLICKS))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the checkpoint " + folder + " (stream.checkpoint) cannot be used")
        .hasMessageMatching("[^\\n]*");
  }

  @Test
  void a_checkpoint_on_a_file_system_that_is_not_there_is_refused_with_its_name() {
    Checkpoint elsewhere = checkpoint("nosuch://somewhere/progress");

    for (Runnable use :
        List.<Runnable>of(elsewhere::isNew, elsewhere::topic, () -> elsewhere.plan(0))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("nosuch://somewhere/progress (stream.checkpoint) cannot be used")
          .hasMessageMatching("[^\\n]*");
    }
  }

  @Test
  void a_note_that_cannot_be_read_is_told_in_one_line() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("vectorstream-topic.json"), "{\"topic\": \"cli");

    assertThatThrownBy(checkpoint::topic)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the checkpoint " + folder + " (stream.checkpoint) cannot be used")
        .hasMessageMatching("[^\\n]*");
  }

  @Test
  void a_batch_that_is_older_than_what_is_stored_is_refused() {
    BatchMark batch = new BatchMark("query", 5, "ab12");

    for (String stored :
        List.of("", "query:4:cd34", "query:5:ab12", "query:5:cd34", "other:9:ab12")) {
      assertThatCode(() -> Checkpoint.requireNewest(folder.toString(), batch, stored))
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> Checkpoint.requireNewest(folder.toString(), batch, "query:6:cd34"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("the checkpoint " + folder + " is older than what is stored")
        .hasMessageContaining("query:5:ab12")
        .hasMessageContaining("query:6:cd34")
        .hasMessageContaining("put the newer checkpoint back, or delete it");
  }

  /** As Spark writes it: the version, what the batch was planned with, one line a source. */
  private void plan(long batch, long timestampMs, String offsets) throws IOException {
    Files.createDirectories(folder.resolve("offsets"));
    Files.writeString(
        folder.resolve("offsets").resolve(Long.toString(batch)),
        "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":%d,\"conf\":{}}\n%s"
            .formatted(timestampMs, offsets));
  }

  private static Checkpoint checkpoint(String folder) {
    return new Checkpoint(settings(folder));
  }

  private static Settings settings(String folder) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of("stream.checkpoint=" + folder));
  }
}
