package io.vectorstream.command;

import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: this program's version, and the Java that it runs on. */
public final class ProgramVersion implements IVersionProvider {

  /** Lets a command, and all below it, say it. */
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

  /** Such as {@code 0.1.0}; {@code development} where the program is not in its jar. */
  public static String number() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
