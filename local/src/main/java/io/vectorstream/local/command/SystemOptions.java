package io.vectorstream.local.command;

import io.vectorstream.command.ProgramVersion;
import io.vectorstream.config.Settings;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.phase.Fault;
import io.vectorstream.local.phase.PhasePlan;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.system.SystemDescription;
import io.vectorstream.local.system.SystemFile;
import io.vectorstream.local.system.SystemPlan;
import io.vectorstream.local.system.Turns;
import io.vectorstream.local.workload.Workload;
import io.vectorstream.reports.CiFiles;
import io.vectorstream.reports.result.SystemsResult;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for a load on other systems than this program's pipeline; a picocli mixin. */
final class SystemOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--system",
      paramLabel = "FILE",
      description = {
        "Run the load on the system that a YAML file describes, or one in the folder systems by its"
            + " name, and judge it from outside: what was lost and doubled, how soon events could be"
            + " found, what a crash cost. Several of them take turns, and stand in one report.",
        "The exit status is 0 when each of them keeps what it promises."
      })
  private List<String> names;

  @Option(
      names = "--kill-after",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "With --system: kill each system so long after the first event, and start it again at"
              + " once.")
  private Duration killAfter;

  boolean areAsked() {
    return names != null;
  }

  /**
   * @throws ParameterException when an option is wrong, or goes with none of the others
   */
  void check(boolean otherRuns, Workload file) {
    if (names == null && !file.phases().isEmpty()) {
      throw wrongUse(
          "the workload %s has phases, which are for --system, as in: --system vectorstream"
              .formatted(file.name()));
    }
    if (names == null) {
      if (killAfter != null) {
        throw wrongUse("--kill-after is for --system");
      }
      return;
    }
    if (otherRuns) {
      throw wrongUse(
          "--system cannot go with --sweep, --fresh or --beside-embedded; expected one of them");
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<SystemDescription> systems(Load load) {
    List<SystemDescription> systems = names.stream().map(SystemFile::find).toList();
    Set<String> known = new HashSet<>();
    for (SystemDescription system : systems) {
      if (!known.add(system.name())) {
        throw wrongUse("two systems are called " + system.name() + "; expected different names");
      }
      if (killAfter != null && !system.canBeKilled()) {
        throw wrongUse(
            "--kill-after: the file of %s says neither how it is started nor how it is killed"
                .formatted(system.name()));
      }
    }
    checkTimes(load);
    if (load.shape() != RecordShape.PLAIN || load.format() != EventFormat.JSON) {
      throw wrongUse("--system sends plain JSON; expected no --shape and no --format");
    }
    return systems;
  }

  private void checkTimes(Load load) {
    if (killAfter != null && killAfter.compareTo(load.duration()) >= 0) {
      throw wrongUse(
          "--kill-after %s is not before the end of the load; expected less than %s"
              .formatted(Durations.text(killAfter), Durations.text(load.duration())));
    }
  }

  /** Returns null for a load without phases. */
  private PhasePlan phases(Workload workload, Load load, boolean kafkaIsGiven) {
    if (workload.phases().isEmpty()) {
      return null;
    }
    for (String option : List.of("--rate", "--duration", "--kill-after")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw wrongUse(
            "%s cannot go with the phases of the workload %s, which say the same"
                .formatted(option, workload.name()));
      }
    }
    for (Fault fault :
        workload.phases().stream().flatMap(each -> each.faults().stream()).toList()) {
      if (fault.what() == Fault.Kind.KILL && fault.of() != Fault.Part.SYSTEM) {
        throw wrongUse(
            "%s: only the system can be killed; expected an outage".formatted(fault.inWords()));
      }
      if (fault.of() == Fault.Part.KAFKA && kafkaIsGiven) {
        throw wrongUse(
            "%s: the clients of a Kafka go to the address that it gives them, past any proxy;"
                    .formatted(fault.inWords())
                + " expected no --bootstrap-servers");
      }
    }
    return PhasePlan.of(
        workload.phases(),
        load.seed(),
        kafkaIsGiven ? List.of(Fault.Part.SYSTEM, Fault.Part.STORE) : List.of(Fault.Part.values()));
  }

  /** Runs everything, writes what was measured, and returns the exit status. */
  int run(
      MeasuredServices services,
      Function<List<String>, Settings> settings,
      Load load,
      Workload workload,
      BesideOptions turns,
      ResultOptions results,
      CiFiles ciFiles)
      throws InterruptedException {
    List<SystemDescription> systems = systems(load);
    PhasePlan phases = phases(workload, load, services.isAnyGiven());
    boolean breaksKafka =
        phases != null
            && phases.faults().stream().anyMatch(each -> each.fault().of() == Fault.Part.KAFKA);
    try (FaultProxy kafkaProxy = breaksKafka ? new FaultProxy(0) : null) {
      services.putBeforeKafka(kafkaProxy);
      return run(
          systems,
          services,
          settings,
          load,
          workload.name(),
          phases,
          kafkaProxy,
          turns,
          results,
          ciFiles);
    }
  }

  private int run(
      List<SystemDescription> systems,
      MeasuredServices services,
      Function<List<String>, Settings> settings,
      Load load,
      String workload,
      PhasePlan phases,
      FaultProxy kafkaProxy,
      BesideOptions turns,
      ResultOptions results,
      CiFiles ciFiles)
      throws InterruptedException {
    Path report = turns.path();
    StopRequest stop = CtrlC.listen("Stopping: what was measured is written.");
    return services.fresh(
        settings,
        message -> results.out().println("Starting Kafka and the vector store, if none are given"),
        (inForce, kind) -> {
          Turns all =
              new Turns(
                  systems,
                  new SystemPlan(
                      inForce,
                      load,
                      killAfter,
                      phases,
                      kafkaProxy,
                      services.data().resolve("systems"),
                      services.keep()),
                  workload,
                  kind.name().toLowerCase(Locale.ROOT),
                  versions(kind),
                  turns.rounds(),
                  stop,
                  results.out());
          try {
            all.run();
          } finally {
            // Reports the result after a failure too: what was measured is still useful.
            all.result()
                .ifPresent(
                    result ->
                        ReportFile.write(
                            report,
                            "systems.json",
                            result,
                            "The result of all runs",
                            results,
                            ciFiles));
          }
          if (stop.isRequested()) {
            return CtrlC.STATUS;
          }
          return all.result().filter(SystemsResult::keptAllPromises).isPresent() ? 0 : 1;
        });
  }

  private static Map<String, String> versions(ServicesKind kind) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("vectorstream", ProgramVersion.number());
    versions.put("kafka_clients", AppInfoParser.getVersion());
    versions.put("qdrant_client", VectorStore.clientVersion());
    return versions;
  }
}
