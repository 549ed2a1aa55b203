package io.vectorstream.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;

/**
 * A value that must not be seen: it prints as stars wherever it is printed, in JSON and YAML too,
 * and {@link Redaction} knows it from then on.
 */
public record Secret(String value) implements Serializable {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Secret {
    value = value == null ? "" : value;
    KnownSecrets.add(value);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  @JsonValue
  public String toString() {
    return isEmpty() ? "" : Redaction.STARS;
  }
}
