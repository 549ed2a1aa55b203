package io.vectorstream.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.javalin.http.Context;
import io.vectorstream.http.Parameter.Location;
import io.vectorstream.http.Problem.WrongParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.UrlEncoded;

/** A request, parsed and checked as the endpoint says. */
final class Request {
  /** The limit of a body, in bytes. */
  static final int LARGEST_BODY = 64 << 10;

  /** By the parameters' names: another model's endpoints have the same parameters made anew. */
  private final Map<String, Object> values;

  private final Object body;
  private final AccessControl.Caller caller;

  private Request(Map<String, Object> values, Object body, AccessControl.Caller caller) {
    this.values = values;
    this.body = body;
    this.caller = caller;
  }

  /**
   * @throws RequestException with every problem
   */
  static Request read(Endpoint endpoint, AccessControl.Caller caller, Context context) {
    Map<String, List<String>> given = query(context.queryString());
    List<WrongParameter> errors = new ArrayList<>();
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : endpoint.parameters()) {
      List<String> texts =
          parameter.location() == Location.PATH
              ? List.of(path(parameter, context))
              : given.getOrDefault(parameter.name(), List.of());
      Object value = value(parameter, texts, errors);
      if (value != null) {
        values.put(parameter.name(), value);
      }
      given.remove(parameter.name());
    }
    given.keySet().forEach(name -> errors.add(unknown(name, endpoint)));
    if (!errors.isEmpty()) {
      throw new RequestException(errors);
    }
    Object body = endpoint.body() == null ? null : body(endpoint.body(), context);
    return new Request(values, body, caller);
  }

  /**
   * Returns the same for parameters that were given in another way, each once.
   *
   * @throws RequestException with every problem
   */
  static Request of(List<Parameter<?>> parameters, Map<String, String> given) {
    List<WrongParameter> errors = new ArrayList<>();
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : parameters) {
      String text = given.get(parameter.name());
      Object value = value(parameter, text == null ? List.of() : List.of(text), errors);
      if (value != null) {
        values.put(parameter.name(), value);
      }
    }
    if (!errors.isEmpty()) {
      throw new RequestException(errors);
    }
    return new Request(values, null, AccessControl.Caller.STRANGER);
  }

  /** Returns the parameters of a query by their names; bytes that are not UTF-8 are refused. */
  private static Map<String, List<String>> query(String query) {
    Map<String, List<String>> given = new HashMap<>();
    if (query != null) {
      try {
        UrlEncoded.decodeUtf8To(
            query,
            0,
            query.length(),
            (name, value) -> given.computeIfAbsent(name, any -> new ArrayList<>()).add(value));
      } catch (IllegalArgumentException e) {
        throw new RequestException(
            Status.BAD_REQUEST,
            "the query cannot be read; expected UTF-8, percent-encoded where it is not plain");
      }
    }
    return given;
  }

  private static String path(Parameter<?> parameter, Context context) {
    String text = context.pathParam(parameter.name());
    if (text.indexOf('\uFFFD') >= 0) {
      throw new RequestException(
          Status.BAD_REQUEST, "the path is not UTF-8; expected it percent-encoded");
    }
    return text;
  }

  private static Object value(
      Parameter<?> parameter, List<String> texts, List<WrongParameter> errors) {
    String problem = null;
    if (texts.size() > 1) {
      problem = "is given " + texts.size() + " times; expected it once";
    } else if (texts.isEmpty()) {
      if (!parameter.required()) {
        return parameter.fallback();
      }
      problem = "is missing: " + parameter.description();
    } else {
      try {
        return parameter.reader().apply(texts.get(0));
      } catch (IllegalArgumentException e) {
        problem = e.getMessage();
      }
    }
    errors.add(new WrongParameter(parameter.name(), problem));
    return null;
  }

  private static WrongParameter unknown(String name, Endpoint endpoint) {
    String known =
        endpoint.parameters().stream()
            .filter(parameter -> parameter.location() == Location.QUERY)
            .map(Parameter::name)
            .collect(Collectors.joining(", "));
    return new WrongParameter(
        name.length() <= 40 ? name : name.substring(0, 39) + "…",
        "is not a parameter of %s; expected %s"
            .formatted(endpoint.path(), known.isEmpty() ? "none" : known));
  }

  private static Object body(Class<?> type, Context context) {
    String contentType = context.contentType();
    // This is also a protection: a page of another site cannot send this type without permission.
    if (contentType == null || !contentType.split(";")[0].strip().equalsIgnoreCase(Json.TYPE)) {
      throw new RequestException(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "the body is %s; expected Content-Type: application/json"
              .formatted(contentType == null ? "of no type" : Parameter.shown(contentType)));
    }
    byte[] bytes = context.bodyAsBytes();
    if (bytes.length == 0) {
      throw new RequestException(
          Status.BAD_REQUEST, "there is no body; expected a JSON object, {} at least");
    }
    try {
      Object body = Json.MAPPER.readValue(bytes, type);
      if (body == null) {
        throw new RequestException(Status.BAD_REQUEST, "the body is null; expected a JSON object");
      }
      return body;
    } catch (JsonMappingException e) {
      throw new RequestException(List.of(new WrongParameter(field(e), reason(e, type))));
    } catch (JsonProcessingException e) {
      throw new RequestException(
          Status.BAD_REQUEST,
          "the body is not JSON: line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new RequestException(Status.BAD_REQUEST, "the body cannot be read");
    }
  }

  private static String field(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                part ->
                    part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "the body" : Parameter.shown(path).replace("'", "");
  }

  private static String reason(JsonMappingException e, Class<?> type) {
    if (e instanceof com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException unknown) {
      return "is not a field; expected "
          + unknown.getKnownPropertyIds().stream()
              .map(Object::toString)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    if (e instanceof com.fasterxml.jackson.databind.exc.MismatchedInputException mismatch
        && mismatch.getTargetType() != null) {
      Class<?> expected = mismatch.getTargetType();
      return "is of another type; expected "
          + (expected == type ? "a JSON object" : "a " + expected.getSimpleName().toLowerCase());
    }
    return "cannot be read";
  }

  /** Returns the caller's rights. */
  AccessControl.Caller caller() {
    return caller;
  }

  /** Returns a parameter's value; null where it was left out and has no default. */
  <T> T get(Parameter<T> parameter) {
    @SuppressWarnings("unchecked") // Parsed by the parameter itself.
    T value = (T) values.get(parameter.name());
    return value;
  }

  <T> Optional<T> find(Parameter<T> parameter) {
    return Optional.ofNullable(get(parameter));
  }

  <T> T body(Class<T> type) {
    return type.cast(body);
  }
}
