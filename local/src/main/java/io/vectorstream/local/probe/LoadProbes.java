package io.vectorstream.local.probe;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.Searchable;
import io.vectorstream.reports.result.Searches;
import java.time.Duration;

/** What is asked of the API and the store while a load is on: all, some or nothing of it. */
public final class LoadProbes implements AutoCloseable {
  private final FreshProbe clicks;
  private final SearchLoad searches;

  private LoadProbes(FreshProbe clicks, SearchLoad searches) {
    this.clicks = clicks;
    this.searches = searches;
  }

  /**
   * What was measured.
   *
   * @param fresh null where it was not asked for, as the others
   */
  public record Findings(Fresh fresh, Searchable searchable, Searches searches) {
    public static final Findings NONE = new Findings(null, null, null);
  }

  /** Returns one that asks nothing. */
  public static LoadProbes none() {
    return new LoadProbes(null, null);
  }

  /**
   * Begins to ask.
   *
   * @param fresh null for no clicks
   * @param searches null for no searches
   * @param url of the API
   * @param shape in which the load's events are written
   * @param warmUp the first part of the load, which is not measured
   * @param duration of the load
   */
  public static LoadProbes start(
      FreshPlan fresh,
      SearchPlan searches,
      String url,
      Settings settings,
      SearchSubjects subjects,
      RecordShape shape,
      Duration warmUp,
      Duration duration) {
    FreshProbe clicks =
        fresh == null ? null : FreshProbe.start(fresh, url, settings, subjects, shape, warmUp);
    try {
      return new LoadProbes(
          clicks,
          searches == null
              ? null
              : SearchLoad.start(searches, url, settings, subjects, warmUp, duration));
    } catch (RuntimeException e) {
      if (clicks != null) {
        clicks.close();
      }
      throw e;
    }
  }

  /** Returns the number of events that were sent to be watched. */
  public long sent() {
    return clicks == null ? 0 : clicks.sent();
  }

  /** Ends with the load, and returns what the load and its own events are together. */
  public LoadReport endWith(LoadReport load) throws InterruptedException {
    if (clicks != null) {
      clicks.stop();
    }
    return new LoadReport(
        load.sent() + sent(),
        load.valid() + sent(),
        load.malformed(),
        load.duplicates(),
        load.late(),
        load.elapsed(),
        load.eventsPerSecond());
  }

  /** Returns the searches, of which the last ones are waited for; null where there are none. */
  public Searches searches() {
    return searches == null ? null : searches.finish();
  }

  /**
   * Returns what was measured, once everything that was sent is processed.
   *
   * @param searched what {@link #searches} returned
   */
  public Findings findings(Searches searched) throws InterruptedException {
    return clicks == null
        ? new Findings(null, null, searched)
        : new Findings(clicks.clicks(), clicks.searchable(), searched);
  }

  @Override
  public void close() {
    try (clicks;
        searches) {
      // In the opposite order of their start; null is left out.
    }
  }
}
