package io.vectorstream.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One entry of the API, and its complete description: the route, the parsing and checking of
 * requests, and the entry in the OpenAPI document are derived from it.
 *
 * @param path with parameters in braces: {@code /products/{id}}
 * @param group under which the documentation shows it
 * @param summary one line
 * @param description more lines; may be empty
 * @param body the type of the JSON in a request; null for none
 * @param answer the type of the JSON in an answer; {@code String} for plain text, {@code Object}
 *     for JSON whose fields are not fixed
 * @param otherStatuses that come with the same type of answer as 200 does
 * @param refusals statuses of problems, besides those of all endpoints
 * @param access the callers that may use it
 * @param limited whether it counts among the requests whose number at a time is limited
 * @param handler returns the answer; may throw {@link RequestException}
 */
record Endpoint(
    Method method,
    String path,
    String group,
    String summary,
    String description,
    List<Parameter<?>> parameters,
    Class<?> body,
    Class<?> answer,
    List<Integer> otherStatuses,
    List<Integer> refusals,
    Access access,
    boolean limited,
    Function<Request, Answer> handler) {

  enum Method {
    GET,
    POST
  }

  /** The callers that may use an endpoint. */
  enum Access {
    /** Every caller, wherever the server listens; a caller that may not read gets only states. */
    FREE,
    /** Callers with one of the tokens; without tokens, every caller on the loopback address. */
    READ,
    /** Callers with the token for changes. */
    CHANGE
  }

  /**
   * The answer to a request.
   *
   * @param body of the endpoint's type
   */
  record Answer(int status, Object body) {
    static Answer ok(Object body) {
      return new Answer(200, body);
    }
  }

  /** Returns the same with another handler. */
  Endpoint with(Function<Request, Answer> other) {
    return new Endpoint(
        method,
        path,
        group,
        summary,
        description,
        parameters,
        body,
        answer,
        otherStatuses,
        refusals,
        access,
        limited,
        other);
  }

  static Builder get(String path, String group, String summary) {
    return new Builder(Method.GET, path, group, summary);
  }

  static Builder post(String path, String group, String summary) {
    return new Builder(Method.POST, path, group, summary);
  }

  /** A builder of an endpoint; {@link #answers} completes it. */
  static final class Builder {
    private final Method method;
    private final String path;
    private final String group;
    private final String summary;
    private final List<Parameter<?>> parameters = new ArrayList<>();
    private String description = "";
    private Class<?> body;
    private List<Integer> otherStatuses = List.of();
    private List<Integer> refusals = List.of();
    private Access access;
    private boolean limited = true;

    private Builder(Method method, String path, String group, String summary) {
      this.method = method;
      this.path = path;
      this.group = group;
      this.summary = summary;
      this.access = method == Method.GET ? Access.READ : Access.CHANGE;
    }

    Builder description(String text) {
      description = text;
      return this;
    }

    Builder with(Parameter<?>... more) {
      parameters.addAll(List.of(more));
      return this;
    }

    Builder with(List<? extends Parameter<?>> more) {
      parameters.addAll(more);
      return this;
    }

    Builder body(Class<?> type) {
      body = type;
      return this;
    }

    Builder orWith(Integer... statuses) {
      otherStatuses = List.of(statuses);
      return this;
    }

    Builder refusals(Integer... statuses) {
      refusals = List.of(statuses);
      return this;
    }

    Builder access(Access who) {
      access = who;
      return this;
    }

    /** Exempts it from the limit: it uses no other service, and is answered under any load. */
    Builder unlimited() {
      limited = false;
      return this;
    }

    /** Completes an endpoint that always answers with status 200. */
    <A> Endpoint answers(Class<A> type, Function<Request, ? extends A> handler) {
      return answersWith(type, handler.andThen(Answer::ok));
    }

    Endpoint answersWith(Class<?> type, Function<Request, Answer> handler) {
      return new Endpoint(
          method,
          path,
          group,
          summary,
          description,
          List.copyOf(parameters),
          body,
          type,
          otherStatuses,
          refusals,
          access,
          limited,
          handler);
    }
  }
}
