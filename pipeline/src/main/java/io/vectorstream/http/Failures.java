package io.vectorstream.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.search.NotFoundException;
import io.vectorstream.store.StoreException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to failed requests: a problem document, and never more than that. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  static final String TOO_LARGE =
      "the body is too large; expected %,d bytes at most".formatted(Request.LARGEST_BODY);

  private Failures() {}

  static void answerIn(JavalinConfig config) {
    config.routes.exception(Exception.class, Failures::answer);
    // The framework has a handler of its own for these, which takes precedence.
    config.routes.exception(HttpResponseException.class, Failures::answer);
    config.router.javaLangErrorHandler((response, error) -> answer(error, response));
  }

  /** Answers an error, such as out of memory or a missing class. */
  private static void answer(Error error, HttpServletResponse response) {
    Problem problem = unexpected(error, "");
    response.setStatus(problem.status());
    response.setContentType(Problem.TYPE);
    try {
      response.getOutputStream().write(Json.printable(problem));
    } catch (IOException e) {
      log.debug("whoever asked has gone", e);
    }
  }

  private static void answer(Exception failure, Context context) {
    RequestException refusal = refusal(failure, context);
    if (refusal != null) {
      refusal.headers().forEach(context::header);
      write(context, Problem.of(refusal, context.path()));
    } else {
      write(context, unexpected(failure, context.path()));
    }
  }

  /** Logs it under an id that the answer contains. */
  static Problem unexpected(Throwable failure, String path) {
    String id = UUID.randomUUID().toString();
    log.error("request {} to {} failed", id, logged(path), failure);
    return Problem.unexpected(id, path);
  }

  /** Returns a path for the log, without the ids of users. */
  static String logged(String path) {
    return path.replaceAll("(/users/)[^/]+", "$1{id}").replaceAll("[^!-~]", "?");
  }

  /** Returns the refusal to answer with; null for an unexpected failure. */
  private static RequestException refusal(Exception failure, Context context) {
    if (failure instanceof RequestException refusal) {
      return refusal;
    }
    if (failure instanceof NotFoundException) {
      return new RequestException(Status.NOT_FOUND, failure.getMessage());
    }
    if (failure instanceof StoreException
        || failure instanceof EmbeddingException
        || failure instanceof KafkaException) {
      return new RequestException(
          Status.UNAVAILABLE, failure.getMessage(), Map.of("Retry-After", "5"));
    }
    if (failure instanceof MethodNotAllowedResponse response) {
      String allowed = String.join(", ", response.getDetails().values());
      return new RequestException(
          Status.METHOD_NOT_ALLOWED,
          "%s cannot be done here; expected one of %s".formatted(context.method(), allowed),
          Map.of("Allow", allowed));
    }
    if (failure instanceof HttpResponseException response) {
      return new RequestException(response.getStatus(), reason(response, context));
    }
    return null;
  }

  private static String reason(HttpResponseException response, Context context) {
    return switch (response.getStatus()) {
      case Status.NOT_FOUND ->
          "there is nothing at %s; /docs shows what there is"
              .formatted(Parameter.shown(context.path()));
      case Status.TOO_LARGE -> TOO_LARGE;
      default -> Status.title(response.getStatus());
    };
  }

  private static void write(Context context, Problem problem) {
    context.status(problem.status());
    context.contentType(Problem.TYPE);
    context.result(Json.printable(problem));
  }
}
