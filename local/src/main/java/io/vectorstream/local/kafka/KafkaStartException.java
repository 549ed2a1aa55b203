package io.vectorstream.local.kafka;

/**
 * The failure that the embedded broker cannot start; the message says in one line why, and what to
 * do.
 */
public final class KafkaStartException extends RuntimeException {

  KafkaStartException(String message) {
    super(message);
  }

  KafkaStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
