package io.vectorstream.local.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Schemas in the order in which they were registered, which is that of their ids from 1. */
public final class RegisteredSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ObjectNode> schemas = new ArrayList<>();

  /** Registers a schema without references; returns its id. */
  public int register(String subject, String type, String schema) {
    return register(subject, JSON.createObjectNode().put("schemaType", type).put("schema", schema));
  }

  /**
   * Registers a schema; returns its id, which is that of the same schema where there is one.
   *
   * @param request as Confluent's API has it: schema, schemaType, references
   */
  public synchronized int register(String subject, JsonNode request) {
    Optional<ObjectNode> same = find(subject, request);
    if (same.isPresent()) {
      return same.get().path("id").asInt();
    }
    ObjectNode schema = JSON.createObjectNode();
    schema.put("subject", subject);
    schema.put("version", 1 + ofSubject(subject).size());
    schema.put("id", 1 + schemas.size());
    String type = type(request);
    if (!type.equals("AVRO")) {
      schema.put("schemaType", type);
    }
    if (request.path("references").size() > 0) {
      schema.set("references", request.get("references"));
    }
    schema.put("schema", request.path("schema").asText());
    schemas.add(schema);
    return schemas.size();
  }

  private static String type(JsonNode schema) {
    return schema.path("schemaType").asText("AVRO");
  }

  private List<ObjectNode> ofSubject(String subject) {
    return schemas.stream()
        .filter(schema -> schema.path("subject").asText().equals(subject))
        .toList();
  }

  /** Returns a schema as Confluent's API has it. */
  public synchronized Optional<ObjectNode> byId(long id) {
    return id < 1 || id > schemas.size()
        ? Optional.empty()
        : Optional.of(schemas.get((int) id - 1));
  }

  /**
   * @param version a number, or latest
   */
  synchronized Optional<ObjectNode> version(String subject, String version) {
    List<ObjectNode> versions = ofSubject(subject);
    int number = version.equals("latest") ? versions.size() : Integer.parseInt(version);
    return number < 1 || number > versions.size()
        ? Optional.empty()
        : Optional.of(versions.get(number - 1));
  }

  synchronized Optional<ObjectNode> find(String subject, JsonNode request) {
    return ofSubject(subject).stream()
        .filter(
            schema ->
                type(schema).equals(type(request))
                    && schema.path("schema").equals(request.path("schema")))
        .findFirst();
  }
}
