package io.vectorstream.process;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that nobody but their owner may look into, where the system knows of that: what a shop's
 * users did lies in them, written by libraries that know nothing of it.
 */
public final class PrivateFiles {

  /** What new files and folders do not get: anything for the group, and for others. */
  private static final int OTHERS = 0077;

  private PrivateFiles() {}

  /** Makes every file of this process that is made from now on its owner's alone. */
  public static void fromNowOn() {
    if (!isPosix()) {
      return;
    }
    try {
      Function umask = NativeLibrary.getInstance("c").getFunction("umask");
      umask.invokeInt(new Object[] {OTHERS});
    } catch (LinkageError | RuntimeException e) {
      // Where no native library can be loaded, whoever starts this decides: the shell's umask.
    }
  }

  /** Makes a folder its owner's alone that may be there from before. */
  public static void closeToOthers(Path folder) throws IOException {
    if (isPosix()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
