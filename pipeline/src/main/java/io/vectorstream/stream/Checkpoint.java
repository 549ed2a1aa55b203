package io.vectorstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import io.vectorstream.config.Settings;
import io.vectorstream.event.TopicIdentity;
import io.vectorstream.store.BatchMark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * The folder where Spark keeps the query's progress, with a note beside it about the topic of this
 * progress: Spark's own files name the topic, but cannot tell it from another topic that later got
 * the same name.
 */
final class Checkpoint {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTE = "vectorstream-topic.json";

  /** Spark's folder with the plan of each batch, written before the batch begins. */
  private static final String OFFSETS = "offsets";

  private static final int PLAN_DIGITS = 8;

  private final Settings settings;
  private final Path folder;
  private FileSystem fileSystem;

  Checkpoint(Settings settings) {
    this.settings = settings;
    this.folder = new Path(settings.stream().checkpoint());
  }

  /** Returns whether no batch has ever begun on it. */
  boolean isNew() {
    try {
      FileSystem files = files();
      Path offsets = new Path(folder, OFFSETS);
      return !files.exists(offsets) || files.listStatus(offsets).length == 0;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Returns the topic that it is about; empty if nothing was noted yet. */
  Optional<TopicIdentity> topic() {
    Path note = new Path(folder, NOTE);
    try {
      if (!files().exists(note)) {
        return Optional.empty();
      }
      try (InputStream in = files().open(note)) {
        return Optional.of(JSON.readValue(in, TopicIdentity.class));
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Returns the topic that it is about.
   *
   * @throws PipelineException if no topic was noted
   */
  TopicIdentity requireTopic() {
    return topic()
        .orElseThrow(
            () ->
                new PipelineException(
                    "the checkpoint %s was not written by this program; name another folder (stream.checkpoint)"
                        .formatted(this)));
  }

  void note(TopicIdentity topic) {
    try (OutputStream out = files().create(new Path(folder, NOTE), true)) {
      JSON.writeValue(out, topic);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * The plan of a batch, which Spark writes before the batch begins, and reads again to repeat it.
   *
   * @param name stands for the offsets that it ends at
   * @param atMicros when it was planned, in microseconds since 1970
   */
  record Plan(String name, long atMicros) {}

  /** Returns the plan of a batch. */
  Plan plan(long batch) {
    Path noted = new Path(new Path(folder, OFFSETS), Long.toString(batch));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files().open(noted), UTF_8))) {
      lines.readLine(); // The version.
      long millis = JSON.readTree(lines.readLine()).required("batchTimestampMs").longValue();
      // One line for each source.
      String offsets = lines.lines().collect(Collectors.joining("\n"));
      return new Plan(
          Hashing.sha256().hashString(offsets, UTF_8).toString().substring(0, PLAN_DIGITS),
          TimeUnit.MILLISECONDS.toMicros(millis));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Checks that no batches that are stored already would come again under the names of earlier
   * ones.
   *
   * @param checkpoint its location
   * @param storedBy the batch that a stored point names
   * @throws PipelineException if that is a later one of the same query
   */
  static void requireNewest(String checkpoint, BatchMark batch, String storedBy) {
    if (batch.isBefore(storedBy)) {
      throw older(checkpoint, batch, storedBy);
    }
  }

  /** Returns the error for a user who has restored an old checkpoint. */
  static PipelineException older(String checkpoint, BatchMark batch, String storedBy) {
    return new PipelineException(
        "the checkpoint %s is older than what is stored: this is batch %s, and batch %s is there already; put the newer checkpoint back, or delete it to read the topic from its start, which counts nothing twice"
            .formatted(checkpoint, batch, storedBy));
  }

  /**
   * Returns the Spark settings that make a new checkpoint readable by its owner only: Hadoop sets
   * the permissions of new files. They apply only to a Spark in this process, without other users.
   */
  static Map<String, String> privately(Settings.Spark spark) {
    return LocalHost.isAll(spark)
        ? Map.of("spark.hadoop.fs.permissions.umask-mode", "077")
        : Map.of();
  }

  /** Returns the file system, created once: Hadoop reads its settings again for each one. */
  private synchronized FileSystem files() throws IOException {
    if (fileSystem == null) {
      fileSystem = open();
    }
    return fileSystem;
  }

  private FileSystem open() throws IOException {
    SparkConf conf = new SparkConf();
    privately(settings.spark()).forEach(conf::set);
    settings.spark().properties().forEach(conf::set);
    return folder.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf));
  }

  private UncheckedIOException unusable(IOException e) {
    return new UncheckedIOException(
        "the checkpoint %s (stream.checkpoint) cannot be used: %s"
            .formatted(folder, QueryFailure.describe(e)),
        e);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
