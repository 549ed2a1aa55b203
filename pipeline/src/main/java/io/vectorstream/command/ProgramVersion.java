package io.vectorstream.command;

import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}: this program's version, and the Java that it runs on. */
public final class ProgramVersion implements IVersionProvider {

  /** Adds the version to a command and its subcommands. */
  public static void tell(CommandLine commandLine) {
    commandLine.getCommandSpec().versionProvider(new ProgramVersion());
    commandLine.getSubcommands().values().forEach(ProgramVersion::tell);
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "vectorstream " + number(),
      "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
    };
  }

  /** Returns a version such as {@code 0.1.0}; {@code development} outside of the jar. */
  public static String number() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
