package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.local.probe.FreshPlan;
import io.vectorstream.local.probe.SearchPlan;

/**
 * One measured run of the pipeline over existing services.
 *
 * @param settings with the addresses of the services; no other program should write to the topic
 *     and the collections while the run lasts
 * @param services the kind of the services, for the summary
 * @param workload the name of the workload that the load is from, for the summary; null for none
 * @param preload what of the catalogue is stored already
 * @param fresh how soon actions have to be seen; null: it is not measured
 * @param searches those beside the load; null for none
 */
public record RunPlan(
    Settings settings,
    Load load,
    ServicesKind services,
    String workload,
    Preload preload,
    FreshPlan fresh,
    SearchPlan searches) {

  public RunPlan(Settings settings, Load load, ServicesKind services, String workload) {
    this(settings, load, services, workload, Preload.NONE, null, null);
  }

  public RunPlan(Settings settings, Load load, ServicesKind services) {
    this(settings, load, services, null);
  }
}
