package io.vectorstream.reports.compare;

/** The unit of a figure. */
public enum Unit {
  EVENTS_PER_SECOND,
  MILLISECONDS,
  MEGABYTES,
  COUNT,
  /** The unit in the figure's name. */
  OTHER
}
