package io.vectorstream.process;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The protection of files: only their owner may read them, if the system supports that. Files
 * contain the actions of a shop's users, and libraries write some of them without protection.
 */
public final class PrivateFiles {

  /** The permissions that new files and folders do not get: any for the group, and for others. */
  private static final int OTHERS = 0077;

  private PrivateFiles() {}

  /** Makes every new file of this process readable by its owner only. */
  public static void fromNowOn() {
    if (!isPosix()) {
      return;
    }
    try {
      Function umask = NativeLibrary.getInstance("c").getFunction("umask");
      umask.invokeInt(new Object[] {OTHERS});
    } catch (LinkageError | RuntimeException e) {
      // Without a native library, the umask of the shell that starts this decides.
    }
  }

  /** Makes an existing folder readable by its owner only. */
  public static void closeToOthers(Path folder) throws IOException {
    if (isPosix()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
