package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Error messages for brokers that cannot be reached: the likely cause, and what to check. */
final class KafkaTrouble {

  private KafkaTrouble() {}

  /** Returns the failure in one line, which names settings of {@code kafka.properties}. */
  static KafkaException with(Settings.Kafka settings, Throwable failure) {
    String kafka = "Kafka at " + settings.bootstrapServers();
    Throwable root = root(failure);
    if (isTimeout(failure)) {
      return new KafkaException(
          "%s does not answer: no answer within %d ms; check kafka.bootstrap_servers, and %s"
              .formatted(
                  kafka,
                  settings.connectTimeout().toMillis(),
                  "security.protocol: no answer comes where only one side speaks TLS or SASL"),
          failure);
    }
    if (failure instanceof SslAuthenticationException) {
      return new KafkaException(kafka + " cannot be used: " + tls(oneLine(root)), failure);
    }
    if (failure instanceof AuthenticationException) {
      return new KafkaException(
          kafka
              + " refused: "
              + oneLine(failure)
              + "; check security.protocol, sasl.mechanism and sasl.jaas.config",
          failure);
    }
    if (oneLine(root).contains("JAAS")) {
      // Without the cause, whose message may quote the password.
      return new KafkaException(
          kafka
              + " cannot be used: sasl.jaas.config is not as expected: a login module, required,"
              + " username=\"...\" password=\"...\" and a semicolon");
    }
    return new KafkaException(kafka + " cannot be used: " + reason(failure), failure);
  }

  /**
   * Returns the message of a client that cannot be created, such as "Failed to load SSL keystore
   * a.p12 of type PKCS12: keystore password was incorrect". Leaves out the exceptions that only say
   * that it cannot be created, or repeat their cause.
   */
  private static String reason(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(cause -> !oneLine(cause).startsWith("Failed to create new"))
        .filter(
            cause ->
                cause.getCause() == null
                    || !oneLine(cause).contains(cause.getCause().getClass().getName()))
        .map(KafkaTrouble::oneLine)
        .limit(2)
        .collect(Collectors.joining(": "));
  }

  private static String tls(String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    String advice;
    if (lower.contains("unrecognized ssl message")) {
      advice = "the port does not speak TLS; check security.protocol";
    } else if (lower.contains("certification path") || lower.contains("pkix")) {
      advice = "the broker's certificate is not trusted; check ssl.truststore.location";
    } else if (lower.contains("no subject alternative") || lower.contains("no name matching")) {
      advice = "the broker's certificate is for another host; check kafka.bootstrap_servers";
    } else {
      advice = "check security.protocol, ssl.truststore.location and ssl.keystore.location";
    }
    return "TLS failed: " + reason + ": " + advice;
  }

  private static boolean isTimeout(Throwable failure) {
    return failure instanceof TimeoutException
        || failure instanceof org.apache.kafka.common.errors.TimeoutException;
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  private static String oneLine(Throwable failure) {
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getMessage().lines().findFirst().orElse("");
  }
}
