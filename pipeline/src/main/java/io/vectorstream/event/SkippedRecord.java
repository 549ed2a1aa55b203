package io.vectorstream.event;

/** A record that a mapping leaves out on purpose: it is counted, and that is all. */
public record SkippedRecord(int partition, long offset) implements ParsedRecord {}
