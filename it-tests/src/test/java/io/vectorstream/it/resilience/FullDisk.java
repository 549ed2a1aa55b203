package io.vectorstream.it.resilience;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local file system under the scheme {@code full}, which can be made to refuse new files. */
public final class FullDisk extends RawLocalFileSystem {

  static final AtomicBoolean FULL = new AtomicBoolean();

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  /** Creates a file as Spark does for a checkpoint. */
  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (FULL.get()) {
      throw new IOException("No space left on device");
    }
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }
}
