package io.vectorstream.config;

import java.util.List;

/**
 * Settings, or another file of the same kind, that cannot be used. The message is made for the
 * user: one line a problem, each with where the value came from, the setting, what was wrong and
 * what was expected.
 */
public final class SettingsException extends RuntimeException {

  /**
   * @param problems a line each
   */
  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }

  SettingsException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
