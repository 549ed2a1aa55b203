package io.vectorstream.local.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schema registry in this process, on the loopback address, with the part of Confluent's API that
 * serializers and deserializers use. Its schemas are in memory.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  private static final Pattern BY_ID = Pattern.compile("/schemas/ids/(\\d{1,18})");
  private static final Pattern VERSIONS = Pattern.compile("/subjects/([^/]+)/versions");
  private static final Pattern VERSION =
      Pattern.compile("/subjects/([^/]+)/versions/(\\d+|latest)");
  private static final Pattern SUBJECT = Pattern.compile("/subjects/([^/]+)");

  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int NO_SUBJECT = 40401;
  private static final int NO_SCHEMA = 40403;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RegisteredSchemas schemas;
  private final Optional<String> authorization;

  private EmbeddedRegistry(
      HttpServer server, RegisteredSchemas schemas, Optional<String> authorization) {
    this.server = server;
    this.schemas = schemas;
    this.authorization = authorization;
  }

  /** Starts one on any free port. */
  public static EmbeddedRegistry start() {
    return start(0, new RegisteredSchemas(), Optional.empty());
  }

  /**
   * Starts one.
   *
   * @param port 0 takes any free one
   * @param schemas that it has
   * @param authorization the header that each request must have
   */
  public static EmbeddedRegistry start(
      int port, RegisteredSchemas schemas, Optional<String> authorization) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      EmbeddedRegistry registry = new EmbeddedRegistry(server, schemas, authorization);
      server.createContext("/", registry::handle);
      server.setExecutor(registry.threads);
      server.start();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException("the schema registry cannot listen on port " + port, e);
    }
  }

  /** Returns the address for {@code kafka.registry.url}. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      if (authorization.isPresent() && !authorization.get().equals(given)) {
        answer(exchange, UNAUTHORIZED, error(UNAUTHORIZED, "Unauthorized"));
        return;
      }
      String path = exchange.getRequestURI().getRawPath();
      JsonNode answer =
          exchange.getRequestMethod().equals("POST")
              ? posted(path, JSON.readTree(exchange.getRequestBody()))
              : found(path);
      answer(exchange, answer.has("error_code") ? NOT_FOUND : OK, answer);
    }
  }

  private JsonNode found(String path) {
    if (path.equals("/schemas/types")) {
      return JSON.createArrayNode().add("JSON").add("PROTOBUF").add("AVRO");
    }
    Matcher byId = BY_ID.matcher(path);
    // As Confluent's: what is no int is no path of a schema.
    if (byId.matches() && Long.parseLong(byId.group(1)) <= Integer.MAX_VALUE) {
      return schemas
          .byId(Long.parseLong(byId.group(1)))
          .map(schema -> (JsonNode) schema)
          .orElseGet(() -> error(NO_SCHEMA, "Schema " + byId.group(1) + " not found"));
    }
    Matcher version = VERSION.matcher(path);
    if (version.matches()) {
      return schemas
          .version(decoded(version.group(1)), version.group(2))
          .map(schema -> (JsonNode) schema)
          .orElseGet(() -> error(NO_SUBJECT, "Subject or version not found"));
    }
    return error(NOT_FOUND, "HTTP 404 Not Found");
  }

  private JsonNode posted(String path, JsonNode schema) {
    Matcher versions = VERSIONS.matcher(path);
    if (versions.matches()) {
      int id = schemas.register(decoded(versions.group(1)), schema);
      return JSON.createObjectNode().put("id", id);
    }
    Matcher subject = SUBJECT.matcher(path);
    if (subject.matches()) {
      return schemas
          .find(decoded(subject.group(1)), schema)
          .map(found -> (JsonNode) found)
          .orElseGet(() -> error(NO_SCHEMA, "Schema not found"));
    }
    return error(NOT_FOUND, "HTTP 404 Not Found");
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
  }

  private static ObjectNode error(int code, String message) {
    return JSON.createObjectNode().put("error_code", code).put("message", message);
  }

  private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
    byte[] body = JSON.writeValueAsBytes(json);
    exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
