package io.vectorstream.local.run;

import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.Machine;
import oshi.SystemInfo;

/** The machine that this program is running on, as results describe it. */
public final class ThisMachine {
  private ThisMachine() {}

  /** Asks the operating system and Java what they run on. */
  public static Machine machine() {
    SystemInfo system = new SystemInfo();
    return new Machine(
        system.getHardware().getProcessor().getProcessorIdentifier().getName().strip(),
        Runtime.getRuntime().availableProcessors(),
        system.getHardware().getMemory().getTotal() >> 20,
        system.getOperatingSystem().toString(),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  /** Describes the same machine with what runs on it. */
  public static Environment environment(
      String sparkVersion, ServicesKind services, EngineInfo engine) {
    Machine machine = machine();
    return new Environment(
        machine.cpu(),
        machine.cores(),
        machine.memoryMb(),
        machine.jvm(),
        machine.os(),
        sparkVersion,
        services.inSummary(),
        new Environment.EmbeddingSetup(
            engine.engine(), engine.device(), engine.precision(), engine.model()),
        Versions.of(sparkVersion, services));
  }
}
