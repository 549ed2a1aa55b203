package io.vectorstream.local;

import io.vectorstream.command.CatalogCommand;
import io.vectorstream.command.CommandErrors;
import io.vectorstream.command.DeadLetterCommand;
import io.vectorstream.command.LogOptions;
import io.vectorstream.command.MapCommand;
import io.vectorstream.command.ModelCommand;
import io.vectorstream.command.ProgramVersion;
import io.vectorstream.command.RecommendCommand;
import io.vectorstream.command.RunCommand;
import io.vectorstream.command.SearchCommand;
import io.vectorstream.command.ServeCommand;
import io.vectorstream.command.UserCommand;
import io.vectorstream.generator.GenerateCommand;
import io.vectorstream.local.command.BaselineCommand;
import io.vectorstream.local.command.DemoCommand;
import io.vectorstream.local.command.EvaluateCommand;
import io.vectorstream.local.command.ServicesCommand;
import io.vectorstream.local.command.ValidateCommand;
import io.vectorstream.monitoring.LogSecrets;
import io.vectorstream.process.PrivateFiles;
import io.vectorstream.process.ProgramStart;
import io.vectorstream.reports.ReportCommand;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of VectorStream, with all its commands. */
@Command(
    name = "vectorstream",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    description = "From shop clicks to recommendations: Kafka, Spark, sentence embeddings, Qdrant.",
    footer = {"", "vectorstream COMMAND --help tells about one of them."},
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ServeCommand.class,
      SearchCommand.class,
      RecommendCommand.class,
      CatalogCommand.class,
      DeadLetterCommand.class,
      MapCommand.class,
      UserCommand.class,
      ModelCommand.class,
      GenerateCommand.class,
      ValidateCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      BaselineCommand.class,
      ServicesCommand.class,
      HelpCommand.class
    })
public final class Main implements Callable<Integer> {
  /** The commands that only write files for other users to read. */
  private static final List<String> FOR_OTHERS = List.of("report", "generate");

  private static final String CONSOLE_LEVEL = "vectorstream.log.console";
  private static final String JSON_LEVEL = "vectorstream.log.json";

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
    if (arguments.length > 0 && !FOR_OTHERS.contains(arguments[0])) {
      PrivateFiles.fromNowOn();
    }
    configureLogging(arguments);
    LogSecrets.mask();
    System.exit(commandLine().execute(arguments));
  }

  /** Configures logging before the first logger is made, as the property is read once. */
  private static void configureLogging(String[] arguments) {
    boolean runs = arguments.length > 0 && List.of("run", "serve").contains(arguments[0]);
    if (runs && LogOptions.areJson(arguments)) {
      System.setProperty(CONSOLE_LEVEL, "OFF");
      System.setProperty(JSON_LEVEL, "INFO");
    }
    if (System.getProperty(CONSOLE_LEVEL) == null) {
      System.setProperty(CONSOLE_LEVEL, runs ? "INFO" : "WARN");
    }
    // gRPC logs through java.util.logging, whose own handler writes to the terminal.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }
}
