package io.vectorstream.cluster;

import io.vectorstream.command.CatalogCommand;
import io.vectorstream.command.CommandErrors;
import io.vectorstream.command.DeadLetterCommand;
import io.vectorstream.command.MapCommand;
import io.vectorstream.command.ModelCommand;
import io.vectorstream.command.ProgramVersion;
import io.vectorstream.command.RecommendCommand;
import io.vectorstream.command.RunCommand;
import io.vectorstream.command.SearchCommand;
import io.vectorstream.command.ServeCommand;
import io.vectorstream.command.UserCommand;
import io.vectorstream.monitoring.LogSecrets;
import io.vectorstream.process.ProgramStart;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands of the pipeline, as {@code spark-submit} starts them. */
@Command(
    name = "vectorstream",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    description = "From shop clicks to recommendations: Kafka, Spark, sentence embeddings, Qdrant.",
    subcommands = {
      RunCommand.class,
      ServeCommand.class,
      SearchCommand.class,
      RecommendCommand.class,
      CatalogCommand.class,
      DeadLetterCommand.class,
      MapCommand.class,
      UserCommand.class,
      ModelCommand.class,
      HelpCommand.class
    })
public final class Main implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Returns the command line with all its commands. */
  public static CommandLine commandLine() {
    // A user or a product may be called @anna.
    CommandLine commandLine = new CommandLine(new Main()).setExpandAtFiles(false);
    ProgramVersion.tell(commandLine);
    return CommandErrors.install(commandLine);
  }

  public static void main(String[] arguments) {
    ProgramStart.prepare();
    LogSecrets.mask();
    System.exit(commandLine().execute(arguments));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }
}
