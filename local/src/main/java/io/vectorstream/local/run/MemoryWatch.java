package io.vectorstream.local.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;

/**
 * The most memory that this process has held: looked at once a second, and on Linux as the kernel
 * kept it, which no short peak escapes.
 */
final class MemoryWatch implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String HIGH_WATER_MARK = "VmHWM:";

  private final AtomicLong peakBytes = new AtomicLong();
  private final OSProcess process = new SystemInfo().getOperatingSystem().getCurrentProcess();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "memory-watch");
            thread.setDaemon(true);
            return thread;
          });

  MemoryWatch() {
    clock.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
  }

  private synchronized void look() {
    if (process.updateAttributes()) {
      peakBytes.accumulateAndGet(process.getResidentSetSize(), Math::max);
    }
  }

  /** In MB of 1,048,576 bytes, rounded up. */
  long peakRssMb() {
    look();
    long bytes = Math.max(peakBytes.get(), highWaterMark());
    return (bytes + (1 << 20) - 1) >> 20;
  }

  /** In bytes; 0 where the kernel does not tell. */
  private static long highWaterMark() {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(HIGH_WATER_MARK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      // It is only the better of two sources.
      return 0;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
