package io.vectorstream.generator;

/**
 * The destination of a run's records. A record that could not be delivered makes the next call of
 * {@code send}, {@code flush} or {@code close} throw a {@link SinkException}.
 */
public interface EventSink extends AutoCloseable {

  /** Takes the record, perhaps to deliver it later. Blocks while the destination is full. */
  void send(GeneratedRecord record);

  /** Returns when everything sent so far is delivered. */
  void flush();

  /** Flushes and closes the destination. A second call does nothing. */
  @Override
  void close();
}
