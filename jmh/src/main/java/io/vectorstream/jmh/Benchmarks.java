package io.vectorstream.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.jmh.embedding.EmbeddingTable;
import io.vectorstream.jmh.embedding.QualityProfiler;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The runner of JMH with its own options. It differs from JMH's defaults in three points: the
 * result is written as JSON, the JVMs get the launcher's flags, and the comparison of embedding
 * programs is printed at the end.
 */
public final class Benchmarks {

  private static final String RESULT = "jmh-result.json";

  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    CommandLineOptions options;
    try {
      options = new CommandLineOptions(args);
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.shouldHelp()
        || options.shouldList()
        || options.shouldListWithParams()
        || options.shouldListProfilers()
        || options.shouldListResultFormats()) {
      Main.main(args);
      return;
    }
    Collection<RunResult> results;
    try {
      results = new Runner(withDefaults(options).build()).run();
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    EmbeddingTable.print(results, System.out);
  }

  private static ChainedOptionsBuilder withDefaults(CommandLineOptions options) throws IOException {
    ChainedOptionsBuilder run = new OptionsBuilder().parent(options);
    run.addProfiler(QualityProfiler.class);
    if (!options.getResultFormat().hasValue()) {
      run.resultFormat(ResultFormatType.JSON);
      run.result(options.getResult().orElse(RESULT));
    }
    List<String> flags = new ArrayList<>(flagsOfTheLauncher());
    // The terminal belongs to JMH; failures are in the log.
    flags.add("-Dvectorstream.log.console=ERROR");
    flags.add("-Dvectorstream.log.file=target/jmh.log");
    flags.addAll(options.getJvmArgsAppend().orElse(List.of()));
    run.jvmArgsAppend(flags.toArray(String[]::new));
    return run;
  }

  /** Returns the JVM flags of {@code ./vectorstream}: for Spark, and for the embedded store. */
  private static List<String> flagsOfTheLauncher() throws IOException {
    try (InputStream flags = Benchmarks.class.getResourceAsStream("jvm.flags")) {
      return List.of(new String(flags.readAllBytes(), UTF_8).strip().split("\\s+"));
    }
  }
}
