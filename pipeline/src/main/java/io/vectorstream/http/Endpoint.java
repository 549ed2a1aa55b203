package io.vectorstream.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One entry of the API. It is all that there is to know about it: from it comes the route, the
 * reading and checking of what is asked, and the entry in the OpenAPI document.
 *
 * @param path with parameters in braces: {@code /products/{id}}
 * @param group under which the documentation shows it
 * @param summary one line
 * @param description more lines; may be empty
 * @param body the type of the JSON that a request carries; null for none
 * @param answer the type of the JSON that is answered; {@code String} for plain text, {@code
 *     Object} for JSON whose fields are not fixed
 * @param otherStatuses that come with the same type of answer as 200 does
 * @param refusals statuses of problems, besides those of all endpoints
 * @param access who may ask
 * @param limited whether it counts among those that may be asked at the same time
 * @param handler gives the answer; may throw {@link RequestException}
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

  /** Who may ask. */
  enum Access {
    /** Everybody, wherever this listens; who may not read is told nothing but states. */
    FREE,
    /** Who shows one of the tokens; on the loopback everybody as long as there is none. */
    READ,
    /** Who shows the token that lets change. */
    CHANGE
  }

  /**
   * What is answered.
   *
   * @param body of the endpoint's type
   */
  record Answer(int status, Object body) {
    static Answer ok(Object body) {
      return new Answer(200, body);
    }
  }

  static Builder get(String path, String group, String summary) {
    return new Builder(Method.GET, path, group, summary);
  }

  static Builder post(String path, String group, String summary) {
    return new Builder(Method.POST, path, group, summary);
  }

  /** Puts an endpoint together; {@link #answers} ends it. */
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

    /** It asks nobody else, and is answered however much there is to do. */
    Builder unlimited() {
      limited = false;
      return this;
    }

    /** Always with status 200. */
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
