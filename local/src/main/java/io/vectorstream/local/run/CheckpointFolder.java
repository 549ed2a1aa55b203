package io.vectorstream.local.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/** A checkpoint on this machine's own disk, and its size. */
record CheckpointFolder(Path folder) {
  /** The scheme of a URI, of two letters and more, because {@code C:} is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*");

  /**
   * @param bytes in all of the files
   */
  record Size(long files, long bytes) {}

  /**
   * @param checkpoint the setting {@code stream.checkpoint}
   * @return empty where it is not on this machine's disk, as {@code hdfs://…} and {@code s3a://…}
   */
  static Optional<CheckpointFolder> of(String checkpoint) {
    if (!SCHEME.matcher(checkpoint).matches()) {
      return Optional.of(new CheckpointFolder(Path.of(checkpoint)));
    }
    URI address = URI.create(checkpoint);
    return "file".equalsIgnoreCase(address.getScheme()) && address.getPath() != null
        ? Optional.of(new CheckpointFolder(Path.of(address.getPath())))
        : Optional.empty();
  }

  /** Counts while other threads write: files that appear or disappear may count or not. */
  Size size() throws IOException {
    Counter counter = new Counter();
    if (Files.exists(folder)) {
      Files.walkFileTree(folder, counter);
    }
    return new Size(counter.files, counter.bytes);
  }

  private static final class Counter extends SimpleFileVisitor<Path> {
    private long files;
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // Removed since its folder was read.
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
