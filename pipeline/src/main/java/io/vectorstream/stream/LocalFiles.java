package io.vectorstream.stream;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.LocalConfigKeys;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local files, with its checksums, without its programs: where Hadoop's native library is
 * missing, as it nearly always is, Hadoop starts {@code chmod} for each new file and {@code
 * readlink} for each that it renames. A checkpoint needs some ten of these processes for each
 * batch, which take some 60 ms together. Java does the same by itself.
 */
public final class LocalFiles extends ChecksumFs {

  /** The setting of Spark that makes Hadoop use this class, for {@code file:} URIs. */
  static final String SETTING = "spark.hadoop.fs.AbstractFileSystem.file.impl";

  /**
   * @param uri ignored; Hadoop calls a constructor with these parameters
   */
  public LocalFiles(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new WithoutChecksums(conf));
  }

  private static final class WithoutChecksums extends DelegateToFileSystem {

    private static final int NO_PORT = -1;

    WithoutChecksums(Configuration conf) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI, new Disk(), conf, FsConstants.LOCAL_FS_URI.getScheme(), false);
    }

    @Override
    public int getUriDefaultPort() {
      return NO_PORT;
    }

    @Override
    public FsServerDefaults getServerDefaults(Path path) throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    @Deprecated
    public FsServerDefaults getServerDefaults() throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    public boolean isValidName(String path) {
      return true;
    }
  }

  private static final class Disk extends RawLocalFileSystem {

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      PosixFileAttributeView view =
          Files.getFileAttributeView(pathToFile(path).toPath(), PosixFileAttributeView.class);
      if (view == null || permission.getStickyBit()) {
        super.setPermission(path, permission);
      } else {
        view.setPermissions(PosixFilePermissions.fromString(permission.toString()));
      }
    }
  }
}
