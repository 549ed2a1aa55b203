package io.vectorstream.http;

import java.util.List;
import java.util.Map;

/** The refusal of a request. The message is for the client. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;
  private final transient List<Problem.WrongParameter> errors;

  RequestException(int status, String detail) {
    this(status, detail, Map.of());
  }

  RequestException(int status, String detail, Map<String, String> headers) {
    // No stack trace: this is an answer, and a client may cause thousands of them.
    super(detail, null, false, false);
    this.status = status;
    this.headers = headers;
    this.errors = List.of();
  }

  /** Refuses wrong parameters. */
  RequestException(List<Problem.WrongParameter> errors) {
    super(
        errors.size() == 1
            ? errors.get(0).parameter() + " " + errors.get(0).detail()
            : errors.size() + " parameters are wrong",
        null,
        false,
        false);
    this.status = Status.BAD_REQUEST;
    this.headers = Map.of();
    this.errors = errors;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  List<Problem.WrongParameter> errors() {
    return errors;
  }
}
