package io.vectorstream.store;

import io.grpc.Status;
import io.vectorstream.config.Settings;
import java.util.Locale;

/** Words for a Qdrant that cannot be talked to: what the likely cause is, and what to check. */
final class ConnectionFailures {

  private ConnectionFailures() {}

  /**
   * Returns the message for a call without an answer: nothing listens, or the two ends do not agree
   * about TLS.
   *
   * @param failure whose causes tell which
   */
  static String unanswered(Settings.Qdrant settings, Throwable failure) {
    String causes = describe(failure);
    if (causes.contains("not an ssl/tls record")) {
      return "does not speak TLS on this port; check qdrant.port, or set qdrant.tls: false";
    }
    if (causes.contains("certpathbuilderexception") || causes.contains("certpathvalidator")) {
      return "has a certificate that is not trusted; check qdrant.ca_certificate: "
          + (settings.caCertificate().isEmpty()
              ? "it is empty, so only the JVM's own authorities are trusted"
              : "another authority has signed it, or it has expired");
    }
    if (causes.contains("no subject alternative") || causes.contains("no name matching")) {
      return "has a certificate for another host name; check qdrant.host";
    }
    if (settings.tls()) {
      return "does not answer; expected its gRPC port, 6334 by default, with TLS";
    }
    return "does not answer; expected its gRPC port, 6334 by default, without TLS:"
        + " if it asks for TLS, set qdrant.tls: true";
  }

  /** Returns whether this is an answer of Qdrant, and not gRPC's status for want of an answer. */
  static boolean isAnswer(Status status) {
    String description = String.valueOf(status.getDescription());
    return description.startsWith("Timeout: ") || description.startsWith("Shard temporarily");
  }

  /** Returns the message for an answer that denies access. */
  static String refused(Settings.Qdrant settings, String reason) {
    return "refused: %s; check qdrant.api_key or qdrant.api_key_file, which %s"
        .formatted(
            reason,
            settings.resolvedApiKey().isEmpty()
                ? "are both empty"
                : "give another key than it has");
  }

  private static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
