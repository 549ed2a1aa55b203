package io.vectorstream.command;

import java.util.Arrays;
import picocli.CommandLine.Option;

/** The log options of a command that runs until it is stopped. */
public final class LogOptions {

  private static final String JSON = "--json";

  @Option(
      names = JSON,
      description = {
        "Write JSON lines to standard output, for a log collector: one a batch,",
        "one a change of state, and whatever is logged."
      })
  private boolean json;

  /** Returns whether a log collector reads the log, and not a person. */
  boolean areJson() {
    return json;
  }

  /** Returns whether JSON is asked for, before arguments are parsed: logging begins earlier. */
  public static boolean areJson(String... arguments) {
    return Arrays.asList(arguments).contains(JSON);
  }
}
