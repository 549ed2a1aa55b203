package io.vectorstream.reports.compare;

/** What a figure counts. */
public enum Unit {
  EVENTS_PER_SECOND,
  MILLISECONDS,
  MEGABYTES,
  COUNT,
  /** As the figure's name says. */
  OTHER
}
