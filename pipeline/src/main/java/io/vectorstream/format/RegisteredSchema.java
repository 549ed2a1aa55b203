package io.vectorstream.format;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * A schema as a registry answers with it.
 *
 * @param schemaType AVRO, PROTOBUF or JSON; null stands for AVRO
 * @param schema its text
 * @param references the schemas that it refers to; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RegisteredSchema(String schemaType, String schema, List<Reference> references) {

  /**
   * @param name by which the schema refers to it: a type of Avro, a file of Protobuf
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Reference(String name, String subject, int version) {}

  RegisteredSchema {
    schemaType = schemaType == null ? "AVRO" : schemaType;
    references = references == null ? List.of() : List.copyOf(references);
  }
}
