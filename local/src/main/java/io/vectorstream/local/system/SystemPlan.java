package io.vectorstream.local.system;

import io.vectorstream.config.Settings;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.phase.Fault;
import io.vectorstream.local.phase.PhasePlan;
import io.vectorstream.local.phase.PhasePlan.PlannedFault;
import io.vectorstream.local.run.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What each of several systems is measured with.
 *
 * @param settings with the addresses of Kafka and the store
 * @param killAfter when a system is killed, from the first event on; null for never
 * @param phases of the load; null for a load that is the same all the time
 * @param kafkaProxy the proxy between everybody and Kafka; null where there is none
 * @param work the folder of all runs
 * @param keep whether topics, collections and folders stay
 */
public record SystemPlan(
    Settings settings,
    Load load,
    Duration killAfter,
    PhasePlan phases,
    FaultProxy kafkaProxy,
    Path work,
    boolean keep) {

  /** Returns what is broken, in the order of time. */
  List<PlannedFault> faults() {
    if (killAfter != null) {
      return List.of(
          new PlannedFault(
              0, new Fault(Fault.Kind.KILL, Fault.Part.SYSTEM, killAfter, null), killAfter));
    }
    return phases == null ? List.of() : phases.faults();
  }

  /** Returns whether something is broken between the system and the store. */
  boolean breaksStore() {
    return faults().stream().anyMatch(planned -> planned.fault().of() == Fault.Part.STORE);
  }
}
