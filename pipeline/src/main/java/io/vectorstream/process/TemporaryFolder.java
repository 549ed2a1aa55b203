package io.vectorstream.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The folder for this process's temporary files: models while they are loaded, native libraries,
 * data that Spark spills. It is deleted when the process ends or, if the process was killed, when
 * the next one starts.
 *
 * <p>A locked file beside each folder shows that its process is alive. The operating system
 * releases the lock when the process ends, however it ends, and in whatever container it was.
 *
 * <p>This class logs nothing, because it runs before the log is set up.
 */
public final class TemporaryFolder implements AutoCloseable {
  private static final String PREFIX = "vectorstream-";
  private static final String IN_USE = ".lock";
  private static final Pattern LOCK_NAME =
      Pattern.compile(Pattern.quote(PREFIX) + "\\d+" + Pattern.quote(IN_USE));

  /**
   * The lock files of this process. By POSIX, opening and closing one again would release the lock.
   */
  private static final Set<Path> OWN_LOCKS = ConcurrentHashMap.newKeySet();

  private static TemporaryFolder ofProcess;

  private final Path folder;
  private final Path lockFile;
  private final FileChannel channel;

  private TemporaryFolder(Path folder, Path lockFile, FileChannel channel) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Returns the folder of this process, created by the first call, among the system's temporary
   * ones.
   *
   * @throws UncheckedIOException in one line, if it cannot be created
   */
  public static synchronized Path path() {
    if (ofProcess == null) {
      Path place = Path.of(System.getProperty("java.io.tmpdir"));
      try {
        ofProcess = create(place);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no temporary files can be made in %s (%s); expected a folder to write to, such as by -Djava.io.tmpdir"
                .formatted(place, e.getMessage()),
            e);
      }
      ProcessEnd.register();
    }
    return ofProcess.folder;
  }

  static synchronized void deleteOfProcess() {
    if (ofProcess != null) {
      ofProcess.close();
    }
  }

  /** Creates a new folder, and deletes those that ended processes of this user have left behind. */
  static TemporaryFolder create(Path place) throws IOException {
    TemporaryFolder made = make(place);
    deleteLeftOvers(place, Files.getOwner(made.lockFile));
    return made;
  }

  private static TemporaryFolder make(Path place) throws IOException {
    while (true) {
      Path lockFile = Files.createTempFile(place, PREFIX, IN_USE).toAbsolutePath();
      OWN_LOCKS.add(lockFile);
      FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      // Another process may have deleted it as a leftover, before it was locked.
      if (lock != null && Files.exists(lockFile)) {
        Path folder = folderOf(lockFile);
        Files.createDirectory(folder, permissions(place));
        return new TemporaryFolder(folder, lockFile, channel);
      }
      channel.close();
      OWN_LOCKS.remove(lockFile);
    }
  }

  /** Returns permissions for the owner only, if the file system supports that. */
  private static FileAttribute<?>[] permissions(Path place) throws IOException {
    return Files.getFileStore(place).supportsFileAttributeView("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static Path folderOf(Path lockFile) {
    String name = lockFile.getFileName().toString();
    return lockFile.resolveSibling(name.substring(0, name.length() - IN_USE.length()));
  }

  Path folder() {
    return folder;
  }

  private static void deleteLeftOvers(Path place, UserPrincipal user) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            place.toAbsolutePath(),
            file -> LOCK_NAME.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        if (!OWN_LOCKS.contains(file) && belongsTo(user, file)) {
          deleteIfLeftOver(file, user);
        }
      }
    }
  }

  /** Returns whether a user owns the file; a link is its creator's, and is not followed. */
  private static boolean belongsTo(UserPrincipal user, Path file) {
    try {
      return !Files.isSymbolicLink(file)
          && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(user);
    } catch (IOException e) {
      // It was deleted meanwhile.
      return false;
    }
  }

  private static void deleteIfLeftOver(Path lockFile, UserPrincipal user) {
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Path folder = folderOf(lockFile);
        if (belongsTo(user, folder)) {
          deleteTree(folder);
        }
        Files.deleteIfExists(lockFile);
      }
    } catch (IOException e) {
      // Another start deletes it now, or it cannot be deleted: a later start tries again.
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // Deleted meanwhile, or not readable: deleting the folder will show which.
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes the folder with its content, and then the lock file. */
  @Override
  public void close() {
    try {
      deleteTree(folder);
      Files.deleteIfExists(lockFile);
      channel.close();
      OWN_LOCKS.remove(lockFile);
    } catch (IOException e) {
      // If files in use cannot be deleted, the next start deletes them.
    }
  }
}
