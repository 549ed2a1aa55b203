package io.vectorstream.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.List;

/**
 * A value that must not be seen: it prints as stars wherever it is printed, in JSON and YAML too,
 * and {@link Redaction} hides it from then on.
 */
public record Secret(String value) implements Serializable {

  /** The shortest safe length: less can be guessed in time, however slow the tries are. */
  private static final int SHORTEST = 16;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Secret {
    value = value == null ? "" : value;
    KnownSecrets.add(value);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  /**
   * Checks that it is long enough, if there is any.
   *
   * @param source the setting that it comes from
   * @param what its kind, such as "the token"
   * @throws SettingsException if it is too short
   */
  void requireLength(String source, String what) {
    if (!isEmpty() && value.length() < SHORTEST) {
      throw new SettingsException(
          List.of(
              "%s: %s has %d characters; expected %d or more, such as those of openssl rand -hex 24"
                  .formatted(source, what, value.length(), SHORTEST)));
    }
  }

  @Override
  @JsonValue
  public String toString() {
    return isEmpty() ? "" : Redaction.STARS;
  }
}
