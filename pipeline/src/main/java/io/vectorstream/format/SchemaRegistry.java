package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vectorstream.config.Registry;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.Reason;
import io.vectorstream.format.RegisteredSchema.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decoders of a registry's schemas by their ids, in memory. A schema never changes under its
 * id, so it is asked for once; an id that the registry does not know is asked for again after a
 * while, as it may be registered then.
 */
final class SchemaRegistry {

  private static final int MOST_SCHEMAS = 1_000;
  private static final int MOST_UNKNOWN = 10_000;
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);

  /** The most schemas that one may refer to, directly or not. */
  private static final int MOST_REFERENCES = 1_000;

  /** A schema's decoder, or why there is none. */
  private record Known(SchemaDecoder decoder, BrokenRecordException failure) {}

  private final RegistryClient client;
  private final Cache<Integer, Known> known =
      Caffeine.newBuilder().maximumSize(MOST_SCHEMAS).build();

  /** What there is to say about ids that the registry does not know. */
  private final Cache<Integer, BrokenRecordException> unknown =
      Caffeine.newBuilder().maximumSize(MOST_UNKNOWN).expireAfterWrite(UNKNOWN_FOR).build();

  SchemaRegistry(Registry settings) {
    this.client = new RegistryClient(settings);
  }

  /**
   * Checks that the registry answers.
   *
   * @throws RegistryException if it does not
   */
  void check() {
    client.check();
  }

  /**
   * Returns the decoder of values of a schema.
   *
   * @throws BrokenRecordException if the registry has no such schema, or one that cannot be read
   * @throws RegistryException if the registry does not answer
   */
  SchemaDecoder decoder(int id) throws BrokenRecordException {
    BrokenRecordException missing = unknown.getIfPresent(id);
    if (missing != null) {
      throw missing;
    }
    // Several threads may ask for the same schema at first; none waits for another's call.
    Known schema = known.getIfPresent(id);
    if (schema == null) {
      schema = load(id);
      known.put(id, schema);
    }
    if (schema.failure != null) {
      throw schema.failure;
    }
    return schema.decoder;
  }

  private Known load(int id) throws BrokenRecordException {
    String name = Integer.toUnsignedString(id);
    try {
      // An id is a positive int: a registry knows no others, and takes them for wrong paths.
      RegisteredSchema schema =
          (id < 0 ? Optional.<RegisteredSchema>empty() : client.byId(id))
              .orElseThrow(() -> unknown("the schema registry has no schema %s".formatted(name)));
      return new Known(decoder(schema), null);
    } catch (BrokenRecordException e) {
      if (e.reason() == Reason.UNKNOWN_SCHEMA) {
        unknown.put(id, e);
        throw e;
      }
      return new Known(null, broken("the schema %s %s".formatted(name, e.getMessage())));
    }
  }

  private static BrokenRecordException unknown(String message) {
    return new BrokenRecordException(Reason.UNKNOWN_SCHEMA, message);
  }

  private SchemaDecoder decoder(RegisteredSchema schema) throws BrokenRecordException {
    return switch (schema.schemaType()) {
      case "AVRO" -> AvroDecoder.of(schema.schema(), new ArrayList<>(references(schema).values()));
      case "PROTOBUF" -> protobuf(schema);
      case "JSON" -> new JsonSchemaDecoder();
      default ->
          throw broken(
              "is of type %s, expected AVRO, PROTOBUF or JSON".formatted(schema.schemaType()));
    };
  }

  private ProtobufDecoder protobuf(RegisteredSchema schema) throws BrokenRecordException {
    Map<String, String> files = references(schema);
    // A name that no file is imported by.
    String name = "registered/schema.proto";
    files.put(name, schema.schema());
    return new ProtobufDecoder(ProtobufFiles.compile(name, files));
  }

  /** Returns the schemas that one refers to, by name; each after those that it refers to itself. */
  private Map<String, String> references(RegisteredSchema schema) throws BrokenRecordException {
    Map<String, String> found = new LinkedHashMap<>();
    addReferences(schema, found, new ArrayList<>());
    return found;
  }

  private void addReferences(
      RegisteredSchema schema, Map<String, String> found, List<Reference> way)
      throws BrokenRecordException {
    for (Reference reference : schema.references()) {
      if (found.containsKey(reference.name())) {
        continue;
      }
      if (way.contains(reference) || found.size() + way.size() >= MOST_REFERENCES) {
        throw broken("refers to itself, or to too many others, by " + reference.name());
      }
      RegisteredSchema other =
          client
              .version(reference.subject(), reference.version())
              .orElseThrow(
                  () ->
                      unknown(
                          "the schema registry has no version %d of subject %s, which a schema refers to"
                              .formatted(reference.version(), reference.subject())));
      way.add(reference);
      addReferences(other, found, way);
      way.remove(reference);
      found.put(reference.name(), other.schema());
    }
  }
}
