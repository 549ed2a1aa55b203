package io.vectorstream.it.resilience;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A spy that reads everything that a program with access to Spark's blocks can read: every closure
 * that is sent to tasks, and every broadcast. It writes each into a file of its own.
 */
public final class TaskSpy implements SparkPlugin {
  /** Names the folder. */
  static final String FOLDER = "spark.taskspy.folder";

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Reader();
  }

  private static final class Reader implements ExecutorPlugin {
    private Path folder;

    @Override
    public void init(PluginContext context, Map<String, String> settings) {
      folder = Path.of(context.conf().get(FOLDER));
    }

    @Override
    public void onTaskStart() {
      BlockManager blocks = SparkEnv.get().blockManager();
      CollectionConverters.asJava(blocks.getMatchingBlockIds(BlockId::isBroadcast)).stream()
          .filter(block -> block.name().contains("piece"))
          .forEach(block -> write(block, blocks));
    }

    private void write(BlockId block, BlockManager blocks) {
      Path file = folder.resolve(block.name());
      if (Files.exists(file)) {
        return;
      }
      var bytes = blocks.getLocalBytes(block);
      if (bytes.isEmpty()) {
        return;
      }
      try (InputStream content = bytes.get().toInputStream()) {
        Files.copy(content, file);
      } catch (FileAlreadyExistsException e) {
        // Another task saw it at the same time.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        blocks.releaseLock(block, scala.Option.empty());
      }
    }
  }
}
