package io.vectorstream.local.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.local.run.RunSummary.Environment;
import oshi.SystemInfo;

/** The machine of a measurement. */
public record Machine(
    String cpu, int cores, @JsonProperty("memory_mb") long memoryMb, String os, String jvm) {

  /** Returns the machine that this process runs on. */
  public static Machine here() {
    SystemInfo system = new SystemInfo();
    return new Machine(
        system.getHardware().getProcessor().getProcessorIdentifier().getName().strip(),
        Runtime.getRuntime().availableProcessors(),
        system.getHardware().getMemory().getTotal() >> 20,
        system.getOperatingSystem().toString(),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  /** Returns the environment of a run summary: the machine, and the software on it. */
  public Environment with(String sparkVersion, ServicesKind services, EngineInfo engine) {
    return new Environment(
        cpu,
        cores,
        memoryMb,
        jvm,
        os,
        sparkVersion,
        services.inSummary(),
        engine,
        Versions.of(sparkVersion, services));
  }
}
