package io.vectorstream.local.run;

import io.vectorstream.process.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The folder in which the embedded services and the pipeline of one process keep their data. A file
 * in it marks it as such: no other folder is ever emptied. Only its owner may read it.
 */
public final class DataFolder implements AutoCloseable {
  private static final String MARKER = ".vectorstream";

  private final Path folder;
  private final FileChannel lock;

  private DataFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Locks the folder for this process, and creates it if it is missing.
   *
   * @throws RunException when another process has it, or it contains other files
   */
  public static DataFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      Path marker = folder.resolve(MARKER);
      if (!Files.exists(marker) && !isEmpty(folder)) {
        throw new RunException(
            "the folder "
                + folder
                + " holds other things; expected an empty one, or one that an earlier run made");
      }
      DataFolder taken = new DataFolder(folder, lock(folder, marker));
      PrivateFiles.closeToOthers(folder);
      return taken;
    } catch (IOException e) {
      throw new RunException("the folder " + folder + " cannot be used: " + e, e);
    }
  }

  private static FileChannel lock(Path folder, Path marker) throws IOException {
    FileChannel channel =
        FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Locked within this process: the exception below says so, as for another process.
    }
    channel.close();
    throw new RunException(
        "the folder "
            + folder
            + " is in use by another vectorstream; stop that one, or choose another folder with"
            + " --data");
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  /** Removes the data of an earlier run. */
  public void empty() {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        if (!entry.getFileName().toString().equals(MARKER)) {
          FileUtils.forceDelete(entry.toFile());
        }
      }
    } catch (IOException e) {
      throw new RunException("the folder " + folder + " cannot be emptied: " + e, e);
    }
  }

  /** Removes the folder itself; it must not be used any more. */
  public void delete() {
    try {
      close();
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw new RunException("the folder " + folder + " cannot be removed: " + e, e);
    }
  }

  public Path path() {
    return folder;
  }

  Path kafka() {
    return folder.resolve("kafka");
  }

  Path store() {
    return folder.resolve("store");
  }

  public Path checkpoint() {
    return folder.resolve("checkpoint");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new RunException("the folder " + folder + " cannot be unlocked: " + e, e);
    }
  }
}
