package io.vectorstream.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process, which locks a file and says so, until it is killed. */
final class LockingProcess {
  private static final int LOCKED = 'l';

  private LockingProcess() {}

  public static void main(String[] arguments) throws Exception {
    FileLock lock = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE).tryLock();
    System.out.write(lock != null ? LOCKED : 'f');
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }

  /** Starts it, and returns when it has the lock. */
  static Process start(Path file) throws IOException {
    Process process = begin(file);
    if (process.getInputStream().read() != LOCKED) {
      throw new IllegalStateException("another process has the lock");
    }
    return process;
  }

  static boolean canLock(Path file) throws IOException, InterruptedException {
    Process process = begin(file);
    try {
      return process.getInputStream().read() == LOCKED;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Process begin(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LockingProcess.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
