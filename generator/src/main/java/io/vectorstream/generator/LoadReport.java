package io.vectorstream.generator;

import java.time.Duration;

/**
 * The counts of a run. {@code sent = valid + malformed + duplicates}.
 *
 * @param sent records in all
 * @param valid valid events, the late ones included
 * @param malformed records that break a rule of the event format
 * @param duplicates further copies of an event already sent
 * @param late valid events with a timestamp in the past
 * @param elapsed since the start; of a finished run, until everything was delivered
 * @param eventsPerSecond {@code sent} over {@code elapsed}
 */
public record LoadReport(
    long sent,
    long valid,
    long malformed,
    long duplicates,
    long late,
    Duration elapsed,
    double eventsPerSecond) {}
