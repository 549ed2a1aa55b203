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

/** The resources that this process uses, read on request. One thread uses it at a time. */
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

  /** Returns the memory in use, native parts included; 0 where the system does not report it. */
  long rssBytes() {
    return process.updateAttributes() ? process.getResidentSetSize() : 0;
  }

  /** Returns the most memory ever in use, by the kernel's record; 0 where there is none. */
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
   * Returns the heap after the last collection of any kind, or its present size if there was none
   * yet. The pools' own figures after a collection are not enough: the old generation's is from its
   * last full collection, which may never happen in a run of an hour.
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

  /** Returns the number of live threads of the JVM. */
  long threads() {
    return threads.getThreadCount();
  }

  /** Returns the number of open files and sockets; empty on systems that do not report it. */
  OptionalLong fileHandles() {
    return unix.map(system -> OptionalLong.of(system.getOpenFileDescriptorCount()))
        .orElse(OptionalLong.empty());
  }
}
