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
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "vectorstream " + (version == null ? "development" : version),
      "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
    };
  }
}
