package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.Set;

/**
 * The values that count as absent: null, an empty text, array or object, and the texts that a
 * mapping names.
 */
record AbsentValues(Set<String> texts) implements Serializable {

  /** Returns the value; null if it counts as absent. */
  JsonNode orNull(JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (value.isTextual()) {
      return value.textValue().isEmpty() || texts.contains(value.textValue()) ? null : value;
    }
    return value.isContainerNode() && value.isEmpty() ? null : value;
  }
}
