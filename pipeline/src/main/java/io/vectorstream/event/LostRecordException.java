package io.vectorstream.event;

import org.apache.kafka.common.KafkaException;

/** A record is gone from Kafka before it could be copied to the dead-letter topic. */
public final class LostRecordException extends KafkaException {

  private static final long serialVersionUID = 1L;

  LostRecordException(String message) {
    super(message);
  }
}
