package io.vectorstream.jmh;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs JMH with its own options, and prints the comparison of embedding programs at the end. */
public final class Benchmarks {
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
    ChainedOptionsBuilder run = new OptionsBuilder().parent(options);
    run.addProfiler(QualityProfiler.class);
    boolean withoutReal = !options.getParameter("texts").hasValue() && !ProductTexts.hasReal();
    if (withoutReal) {
      run.param("texts", ProductTexts.GENERATED);
    }
    Collection<RunResult> results;
    try {
      results = new Runner(run.build()).run();
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    List<RunResult> embedding =
        results.stream()
            .filter(
                result ->
                    result
                        .getParams()
                        .getBenchmark()
                        .equals(EmbeddingBenchmark.class.getName() + ".embed"))
            .toList();
    if (!embedding.isEmpty()) {
      EmbeddingTable.print(embedding, System.out);
      if (withoutReal) {
        System.out.printf("%nOnly generated texts were measured: %s%n", ProductTexts.missing());
      }
    }
  }
}
