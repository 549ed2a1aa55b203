package io.vectorstream.config;

import java.util.List;

/**
 * The failure of settings, or of a similar file, that cannot be used. The message is for the user:
 * one line a problem, each with the source of the value, the setting, the problem and what was
 * expected.
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
