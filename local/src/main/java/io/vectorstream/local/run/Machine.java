package io.vectorstream.local.run;

import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.local.run.RunSummary.Environment;
import oshi.SystemInfo;

/** What a run ran on. */
final class Machine {
  private Machine() {}

  static Environment describe(String sparkVersion, ServicesKind services, EngineInfo engine) {
    SystemInfo system = new SystemInfo();
    return new Environment(
        system.getHardware().getProcessor().getProcessorIdentifier().getName().strip(),
        Runtime.getRuntime().availableProcessors(),
        system.getHardware().getMemory().getTotal() >> 20,
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        system.getOperatingSystem().toString(),
        sparkVersion,
        services.inSummary(),
        engine);
  }
}
