package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import java.time.Duration;

/**
 * One measured run of the pipeline over services that are there already.
 *
 * @param settings with the addresses of the services; the topic and the collections should hold
 *     nothing that others write to while the run lasts
 * @param services where the services live, for the summary
 * @param patience how long the pipeline may go without committing a batch while records are waiting
 */
public record RunPlan(Settings settings, Load load, ServicesKind services, Duration patience) {

  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(120);

  public RunPlan(Settings settings, Load load, ServicesKind services) {
    this(settings, load, services, DEFAULT_PATIENCE);
  }
}
