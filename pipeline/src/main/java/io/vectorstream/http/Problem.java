package io.vectorstream.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The problem with a request, in the form of RFC 9457.
 *
 * @param type {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param detail what was wrong, and what was expected
 * @param instance the path that was asked for
 * @param id of an unexpected failure in the log; otherwise left out
 * @param errors one for each wrong parameter; left out where it is not about parameters
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    String id,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WrongParameter> errors) {

  static final String TYPE = "application/problem+json";

  /** A parameter, or a field of the body, and its problem. */
  public record WrongParameter(String parameter, String detail) {}

  static Problem of(RequestException refusal, String path) {
    return new Problem(
        "about:blank",
        Status.title(refusal.status()),
        refusal.status(),
        refusal.getMessage(),
        path,
        null,
        refusal.errors());
  }

  /** Returns a failure whose reason is in the log only. */
  static Problem unexpected(String id, String path) {
    return new Problem(
        "about:blank",
        Status.title(500),
        500,
        "this should not have happened; the log of the server tells more under the id",
        path,
        id,
        List.of());
  }
}
