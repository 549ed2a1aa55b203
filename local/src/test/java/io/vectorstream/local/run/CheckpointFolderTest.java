package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {
  @TempDir private Path folder;

  @Test
  void every_file_below_it_counts() throws IOException {
    Files.write(folder.resolve("metadata"), new byte[45]);
    Files.write(Files.createDirectories(folder.resolve("offsets")).resolve("0"), new byte[600]);
    Files.write(folder.resolve("offsets/.0.crc"), new byte[12]);

    CheckpointFolder.Size expected = new CheckpointFolder.Size(3, 657);
    assertThat(CheckpointFolder.of(folder.toString()).orElseThrow().size()).isEqualTo(expected);
    assertThat(CheckpointFolder.of(folder.toUri().toString()).orElseThrow().size())
        .isEqualTo(expected);
  }

  @Test
  void before_the_first_batch_there_is_nothing_in_it() throws IOException {
    assertThat(CheckpointFolder.of(folder.resolve("none").toString()).orElseThrow().size())
        .isEqualTo(new CheckpointFolder.Size(0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://namenode:8020/checkpoint", "s3a://bucket/checkpoint"})
  void one_that_is_not_on_this_disk_is_not_counted(String checkpoint) {
    assertThat(CheckpointFolder.of(checkpoint)).isEmpty();
  }
}
