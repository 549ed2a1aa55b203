package io.vectorstream.command;

import java.util.Arrays;
import picocli.CommandLine.Option;

/** How a command that runs until it is stopped tells what happens. */
public final class LogOptions {

  private static final String JSON = "--json";

  @Option(
      names = JSON,
      description = {
        "Write JSON lines to standard output, for a log collector: one a batch,",
        "one a change of state, and whatever is logged."
      })
  private boolean json;

  /** Whether a log collector reads along, and not a person. */
  boolean areJson() {
    return json;
  }

  /** Whether this is asked for, before anything is parsed: logging begins earlier. */
  public static boolean areJson(String... arguments) {
    return Arrays.asList(arguments).contains(JSON);
  }
}
