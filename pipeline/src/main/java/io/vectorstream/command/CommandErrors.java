package io.vectorstream.command;

import io.vectorstream.config.Redaction;
import io.vectorstream.config.SettingsException;
import io.vectorstream.monitoring.MaskedFailure;
import io.vectorstream.process.Printable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The report of a failed command: one line on standard error and an exit status, 2 for wrong use
 * and 1 for anything else. With {@code VECTORSTREAM_DEBUG=true} in the environment the stack trace
 * follows.
 */
public final class CommandErrors {

  private CommandErrors() {}

  /** Makes a command and its subcommands report failures in this way. */
  public static CommandLine install(CommandLine commandLine) {
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((failure, arguments) -> wrongUse(failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
  }

  private static int wrongUse(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    print(failure, command);
    command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception failure, CommandLine command) {
    print(failure, command);
    boolean wrongUse =
        failure instanceof SettingsException || failure instanceof IllegalArgumentException;
    return wrongUse
        ? command.getCommandSpec().exitCodeOnInvalidInput()
        : command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static void print(Exception failure, CommandLine command) {
    String message =
        Redaction.mask(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    // Settings may have several problems, a line each.
    command
        .getErr()
        .println(
            failure instanceof SettingsException
                ? Printable.lines(message)
                : Printable.text(message));
    if (Boolean.parseBoolean(System.getenv("VECTORSTREAM_DEBUG"))) {
      MaskedFailure.of(failure).printStackTrace(command.getErr());
    }
  }
}
