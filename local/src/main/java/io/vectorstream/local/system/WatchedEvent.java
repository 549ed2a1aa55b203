package io.vectorstream.local.system;

/** One event of a load that is looked for in the store. Times are microseconds since 1970. */
final class WatchedEvent {
  private static final long NOT_YET = -1;

  private final String id;
  private final long dueMicros;
  private int partition;
  private volatile long offset = NOT_YET;
  private volatile long seenMicros = NOT_YET;
  private volatile long acknowledgedMicros = NOT_YET;
  private volatile boolean early;

  WatchedEvent(String id, long dueMicros) {
    this.id = id;
    this.dueMicros = dueMicros;
  }

  String id() {
    return id;
  }

  long dueMicros() {
    return dueMicros;
  }

  /** Notes where Kafka has it. */
  void delivered(int inPartition, long atOffset) {
    partition = inPartition;
    offset = atOffset;
  }

  boolean isDelivered() {
    return offset != NOT_YET;
  }

  int partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  void seen(long micros) {
    seenMicros = micros;
  }

  boolean isSeen() {
    return seenMicros != NOT_YET;
  }

  /**
   * @param isEarly whether the store did not have it after that
   */
  void acknowledged(long micros, boolean isEarly) {
    acknowledgedMicros = micros;
    early = isEarly;
  }

  boolean isAcknowledged() {
    return acknowledgedMicros != NOT_YET;
  }

  boolean isEarly() {
    return early;
  }

  long seenAfterMs() {
    return Math.max(0, (seenMicros - dueMicros) / 1000);
  }

  long acknowledgedAfterMs() {
    return Math.max(0, (acknowledgedMicros - dueMicros) / 1000);
  }
}
