package io.vectorstream.local.system;

import java.util.Map;

/** The offsets up to which a system says that it is done with a topic. */
interface AcknowledgedOffsets extends AutoCloseable {

  /**
   * Returns the offset after the last one that it is done with, by partition; those of which it has
   * said nothing are left out.
   *
   * @throws RuntimeException if that cannot be read now
   */
  Map<Integer, Long> read();

  @Override
  void close();
}
