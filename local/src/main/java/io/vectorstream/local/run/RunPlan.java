package io.vectorstream.local.run;

import io.vectorstream.config.Settings;

/**
 * One measured run of the pipeline over existing services.
 *
 * @param settings with the addresses of the services; no other program should write to the topic
 *     and the collections while the run lasts
 * @param services the kind of the services, for the summary
 * @param workload the name of the workload that the load is from, for the summary; null for none
 * @param fresh whether to measure how soon clicks change answers of the API
 */
public record RunPlan(
    Settings settings, Load load, ServicesKind services, String workload, boolean fresh) {

  public RunPlan(Settings settings, Load load, ServicesKind services, String workload) {
    this(settings, load, services, workload, false);
  }

  public RunPlan(Settings settings, Load load, ServicesKind services) {
    this(settings, load, services, null);
  }
}
