package io.vectorstream.event;

import org.apache.kafka.common.KafkaException;

/** The failure that a record left Kafka before it was copied to the dead-letter topic. */
public final class LostRecordException extends KafkaException {

  private static final long serialVersionUID = 1L;

  LostRecordException(String message) {
    super(message);
  }
}
