package io.vectorstream.http;

import io.vectorstream.config.Settings;
import java.net.BindException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;

/** The failure that the server cannot start. The message is for the user. */
public final class HttpServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private HttpServerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the failure in terms of the settings; another failure is returned unchanged. */
  static RuntimeException of(RuntimeException failure, Settings.Http settings) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return new HttpServerException(
            "http.host: '%s' cannot be resolved; expected an address of this machine"
                .formatted(settings.host()),
            failure);
      }
      if (cause instanceof SocketException) {
        return new HttpServerException(reason(cause, settings), failure);
      }
    }
    return failure;
  }

  private static String reason(Throwable cause, Settings.Http settings) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof BindException && message.contains("in use")) {
      return ("http.port: port %d of %s is taken; stop what listens there, or set another"
              + " http.port, 0 for any free one")
          .formatted(settings.port(), settings.host());
    }
    if (message.contains("Cannot assign")) {
      return "http.host: '%s' is no address of this machine".formatted(settings.host());
    }
    if (message.contains("ermission denied")) {
      return "http.port: port %d may not be used by this user; set one above 1023"
          .formatted(settings.port());
    }
    return "the HTTP API cannot listen at http.host %s, http.port %d: %s"
        .formatted(settings.host(), settings.port(), message);
  }
}
