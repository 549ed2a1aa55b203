package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Percentile;
import java.util.List;

/**
 * How soon what was sent could be found, while the load was on.
 *
 * @param events from an event's own timestamp until the store gives it when it is asked for it
 * @param products from the timestamp of the first event about a new product until a search for its
 *     text finds it
 */
public record Searchable(Sightings events, Sightings products) {

  /**
   * @param count of those that were sent and looked for
   * @param unseen those that were not found until everything sent was processed; they count with
   *     the time until then
   * @param targetMs the most that the 99th percentile was to be; null where nothing was asked
   * @param latencyMs milliseconds from the timestamp, which is when the event was due
   * @param latencyCurve the same as a curve
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Sightings(
      long count, long unseen, Long targetMs, Latency latencyMs, List<Percentile> latencyCurve) {

    public Sightings {
      latencyCurve = Lists.of(latencyCurve);
    }
  }
}
