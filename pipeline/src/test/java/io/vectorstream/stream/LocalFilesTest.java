package io.vectorstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.hadoop.fs.CreateFlag.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.local.LocalFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@link LocalFiles} as Spark uses them for a checkpoint. */
@DisabledOnOs(OS.WINDOWS)
class LocalFilesTest {

  @TempDir java.nio.file.Path folder;
  private FileContext files;

  @BeforeEach
  void open() throws IOException {
    files = files(LocalFiles.class.getName());
  }

  private static FileContext files(String implementation) throws IOException {
    Configuration conf = new Configuration();
    conf.set(LocalFiles.SETTING.substring("spark.hadoop.".length()), implementation);
    conf.set("fs.permissions.umask-mode", "077");
    return FileContext.getFileContext(URI.create("file:///"), conf);
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private void write(FileContext with, String name, String text) throws IOException {
    try (FSDataOutputStream out = with.create(path(name), EnumSet.of(CREATE))) {
      out.writeBytes(text);
    }
  }

  private String read(FileContext with, String name) throws IOException {
    try (var in = with.open(path(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void a_file_is_written_and_renamed_without_a_process() throws IOException {
    assertThat(processes(files(LocalFs.class.getName()))).isNotEmpty();

    assertThat(processes(files)).isEmpty();
    assertThat(read(files, "0")).isEqualTo("the offsets");
  }

  private List<RecordedEvent> processes(FileContext with) throws IOException {
    java.nio.file.Path recorded = Files.createTempFile(folder, "processes", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      write(with, ".0.tmp", "the offsets");
      with.rename(path(".0.tmp"), path("0"), Rename.OVERWRITE);
      recording.stop();
      recording.dump(recorded);
    }
    return RecordingFile.readAllEvents(recorded);
  }

  @Test
  void a_new_file_is_its_owners_alone_if_the_mask_says_so() throws IOException {
    write(files, "0", "the offsets");

    assertThat(Files.getPosixFilePermissions(folder.resolve("0")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(folder.resolve(".0.crc")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void a_rename_does_not_replace_what_another_has_written() throws IOException {
    write(files, "0", "of another");
    write(files, ".0.tmp", "ours");

    assertThatThrownBy(() -> files.rename(path(".0.tmp"), path("0"), Rename.NONE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read(files, "0")).isEqualTo("of another");
  }

  @Test
  void a_link_and_a_file_and_what_is_not_there_are_told_as_by_hadoop() throws IOException {
    FileContext hadoops = files(LocalFs.class.getName());
    write(files, "0", "the offsets");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("0"));

    for (String name : List.of("0", "link")) {
      assertThat(files.getFileLinkStatus(path(name)))
          .usingRecursiveComparison()
          .comparingOnlyFields("path", "length", "isdir", "symlink", "modification_time")
          .isEqualTo(hadoops.getFileLinkStatus(path(name)));
    }
    assertThatThrownBy(() -> files.getFileLinkStatus(path("1")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void hadoops_own_way_reads_what_this_one_has_written_and_the_other_way_round()
      throws IOException {
    FileContext hadoops = files(LocalFs.class.getName());
    write(files, "0", "ours");
    write(hadoops, "1", "hadoop's");

    assertThat(read(hadoops, "0")).isEqualTo("ours");
    assertThat(read(files, "1")).isEqualTo("hadoop's");
  }
}
