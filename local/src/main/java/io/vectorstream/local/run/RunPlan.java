package io.vectorstream.local.run;

import io.vectorstream.config.Settings;

/**
 * One measured run of the pipeline over services that are there already.
 *
 * @param settings with the addresses of the services; the topic and the collections should hold
 *     nothing that others write to while the run lasts
 * @param services where the services live, for the summary
 * @param workload the name of the workload that the load is from, for the summary; null for none
 */
public record RunPlan(Settings settings, Load load, ServicesKind services, String workload) {

  public RunPlan(Settings settings, Load load, ServicesKind services) {
    this(settings, load, services, null);
  }
}
