package io.vectorstream.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.Serializable;

/** A value that must not be seen: it prints as stars wherever it is printed. */
public record Secret(String value) implements Serializable {

  @JsonCreator
  public Secret {
    value = value == null ? "" : value;
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return isEmpty() ? "" : "******";
  }
}
