package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Target;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The same load on several systems that carry events from Kafka to a vector store, in runs that
 * take turns. Everything about a system was measured from outside: by asking Kafka, the store and
 * the operating system.
 *
 * @param schema the version of this format, 1
 * @param complete false when it was stopped or failed: what is there was measured, and the rest was
 *     not
 * @param workload the name of the workload file that said what to send; null when none did
 * @param services {@code embedded} or {@code external}
 * @param versions of what took part in the measuring, by its name
 * @param rounds asked for; in each, every system has a run
 * @param seed of the load, which is the same in all runs
 * @param ratePerSecond that was offered; null for as many as a system takes
 * @param durationS how long events were sent in each run
 * @param warmupS the first part of it, which latencies and rates leave out
 * @param killAfterS when each system was killed, from the first event on; null for never
 * @param runs in the order of their measurement
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SystemsResult(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    boolean complete,
    String workload,
    Machine machine,
    String services,
    Map<String, String> versions,
    int rounds,
    long seed,
    Double ratePerSecond,
    double durationS,
    double warmupS,
    Double killAfterS,
    List<Run> runs)
    implements Result {

  public SystemsResult {
    versions = versions == null ? Map.of() : versions;
    runs = Lists.of(runs);
  }

  /**
   * One run of the load on one system.
   *
   * @param round from 1
   * @param system its name
   * @param promise {@code once}, {@code at_least_once} or {@code none}
   * @param readyS seconds from the system's start until it was ready; null where the file does not
   *     say how that shows
   * @param acknowledged how soon the system said that it is done with an event; null where it does
   *     not say so
   * @param sums null where none are promised
   * @param recall the share of the ten really nearest points that a search of the store finds; null
   *     where the system stores no vectors
   * @param process null where the system ran already
   * @param ended in words, if the system's process ended by itself; null if it did not
   * @param targets what the system promises, and what became of it
   * @param notPromised what other systems may promise and this one does not, in words
   * @param faults what was broken on purpose, in the order of time
   * @param phases the parts of the load; empty for a load without any
   * @param doubts reasons not to trust the figures, in words
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Run(
      int round,
      String system,
      String promise,
      Double readyS,
      Events events,
      Throughput throughputEps,
      Sightings searchable,
      Sightings acknowledged,
      Sums sums,
      Double recall,
      Usage process,
      String ended,
      List<Target> targets,
      List<String> notPromised,
      List<Broken> faults,
      List<Phase> phases,
      List<String> doubts) {

    public Run {
      targets = Lists.of(targets);
      notPromised = Lists.of(notPromised);
      faults = Lists.of(faults);
      phases = Lists.of(phases);
      doubts = Lists.of(doubts);
    }

    /** Says whether the system kept every promise. */
    public boolean keptAllPromises() {
      return targets.stream().allMatch(Target::met);
    }
  }

  /**
   * Events of a run.
   *
   * @param sent records delivered to Kafka
   * @param valid different events among them that keep the rules
   * @param stored different valid events in the store at the end
   * @param lost {@code valid - stored}
   * @param doubled points beyond the first of an event
   * @param damaged stored events whose fields are not those that were sent
   * @param early watched events that the system had acknowledged when the store did not have them
   * @param unasked points of no valid event: of broken records, say
   * @param lostIds ids of some of those lost, for a look at them
   */
  public record Events(
      long sent,
      long valid,
      long stored,
      long lost,
      long doubled,
      long damaged,
      long early,
      long unasked,
      List<String> lostIds) {

    public Events {
      lostIds = Lists.of(lostIds);
    }
  }

  /**
   * Records per second.
   *
   * @param offered sent, over the time that the sending took
   * @param stored by which the store grew after the warm-up, while the load was on
   * @param withDrain valid events that were stored, over the time from the first one sent until
   *     nothing more came
   */
  public record Throughput(double offered, double stored, double withDrain) {}

  /**
   * How soon events could be found in the store, or were acknowledged, from when each was due.
   *
   * @param watched events that were looked for, of those due after the warm-up
   * @param unseen those of them that never came, or were never acknowledged; they have no latency
   * @param latencyMs of the others
   */
  public record Sightings(long watched, long unseen, Latency latencyMs) {}

  /**
   * Something that was broken on purpose, and what that cost.
   *
   * @param what in words: {@code kill of system}
   * @param phase of the load in which it began; null for a load without any
   * @param atS seconds from the first event until it began
   * @param durationS seconds that it lasted; 0 for a kill, after which the system is started at
   *     once
   * @param recoveredS seconds from its beginning until events were found as soon as before the
   *     first fault; null if that did not come while the load was on
   * @param usualMs the latency that counts as usual: the 99th percentile before the first fault
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Broken(
      String what, String phase, double atS, double durationS, Double recoveredS, long usualMs) {}

  /**
   * A part of the load.
   *
   * @param startS seconds from the first event
   * @param valid different valid events that were due in it
   * @param lost those of them that are not in the store at the end
   */
  public record Phase(
      String name, double startS, double durationS, long valid, long lost, Sightings searchable) {}

  /**
   * Sums that were compared with those of the events sent.
   *
   * @param wrong those that differ, or are missing
   * @param examples of these, in words
   */
  public record Sums(long checked, long wrong, List<String> examples) {
    public Sums {
      examples = Lists.of(examples);
    }
  }

  /**
   * What the system's processes used.
   *
   * @param peakRssMb the most memory that they held together
   * @param cpuS seconds of processor time; of a process that ended, until shortly before its end
   */
  public record Usage(long peakRssMb, double cpuS) {}

  /** Names the systems in the order of their first runs. */
  public List<String> systems() {
    return List.copyOf(new LinkedHashSet<>(runs.stream().map(Run::system).toList()));
  }

  /** Lists the runs of a system. */
  public List<Run> of(String system) {
    return runs.stream().filter(run -> run.system().equals(system)).toList();
  }

  /** Names a run as no other one of this result is named. */
  public String nameOf(Run run) {
    return rounds == 1 ? run.system() : "%s, round %d".formatted(run.system(), run.round());
  }

  /** Says whether each system kept every promise in each run. */
  public boolean keptAllPromises() {
    return runs.stream().allMatch(Run::keptAllPromises);
  }

  @Override
  public ResultKind kind() {
    return ResultKind.SYSTEMS;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return Optional.of(machine);
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.of(startedAt);
  }

  @Override
  public Map<String, String> software() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Operating system", machine.os());
    all.put("Java", machine.jvm());
    all.put("Services", services);
    all.putAll(versions);
    return all;
  }
}
