package io.vectorstream.local.kafka;

/** The failure to start the embedded broker; the message says in one line why, and what to do. */
public final class KafkaStartException extends RuntimeException {

  KafkaStartException(String message) {
    super(message);
  }

  KafkaStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
