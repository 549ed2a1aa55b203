package io.vectorstream.local.run;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;

/** What this process holds of its machine, read when asked. One thread uses it at a time. */
final class ProcessGauges {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String HIGH_WATER_MARK = "VmHWM:";

  private final OSProcess process = new SystemInfo().getOperatingSystem().getCurrentProcess();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
  private final Set<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());
  private final Optional<UnixOperatingSystemMXBean> unix =
      Optional.ofNullable(ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class));

  /** Memory in use, the native parts included; 0 where the system does not tell. */
  long rssBytes() {
    return process.updateAttributes() ? process.getResidentSetSize() : 0;
  }

  /** The most memory ever in use, as the kernel kept it; 0 where it does not tell. */
  long peakRssBytes() {
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

  /**
   * What was left on the heap by the last collection of any kind, or what is on it where there was
   * none yet. The pools' own figures after a collection would not do: the old generation's is of
   * the last collection of all of it, which a run of an hour may never see.
   */
  long heapBytes() {
    return collectors.stream()
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(GcInfo::getEndTime))
        .map(
            last ->
                last.getMemoryUsageAfterGc().entrySet().stream()
                    .filter(pool -> heapPools.contains(pool.getKey()))
                    .mapToLong(pool -> pool.getValue().getUsed())
                    .sum())
        .orElseGet(() -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** Live threads of the JVM. */
  long threads() {
    return threads.getThreadCount();
  }

  /** Files and sockets that are open; empty on systems that have no such number. */
  OptionalLong fileHandles() {
    return unix.map(system -> OptionalLong.of(system.getOpenFileDescriptorCount()))
        .orElse(OptionalLong.empty());
  }
}
