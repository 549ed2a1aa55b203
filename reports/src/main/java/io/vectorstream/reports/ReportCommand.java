package io.vectorstream.reports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.page.HtmlPage;
import io.vectorstream.reports.page.Report;
import io.vectorstream.reports.page.TextSummary;
import io.vectorstream.reports.result.ResultReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that writes one page about all measurements. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Makes one HTML file of results that opens from disk with no network: targets, throughput,"
          + " latency, where the time goes, cost against work, benchmarks, quality, the machine.",
      "The kind of each file is found by its content: run summaries, sweeps, loads on two kinds of"
          + " services or two builds, baseline ladders,"
          + " JMH's JSON, GPU benchmarks, evaluations, search loads, and earlier reports with all"
          + " that they were made of."
    })
public final class ReportCommand implements Callable<Integer> {
  private static final int REGRESSION = 1;

  @Parameters(
      paramLabel = "FILE_OR_FOLDER",
      arity = "1..*",
      description = "Results; of a folder, all .json files in and below it.")
  private List<Path> paths;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "Where the report goes. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Mixin private CiFiles ciFiles;

  @Option(
      names = "--compare-to",
      paramLabel = "FILE_OR_FOLDER",
      arity = "1..*",
      description = {
        "An earlier report, or earlier results, to compare with. With several of them, each a"
            + " report or a folder, what they differ by counts as noise."
      })
  private List<Path> earlier;

  @Option(
      names = "--baseline",
      paramLabel = "FILE_OR_FOLDER",
      arity = "1..*",
      description = {
        "Results that were measured in turns with these, run by run or, of JMH, fork by fork. They"
            + " are compared in pairs: the ratio of each figure, and its 95 %% confidence interval."
      })
  private List<Path> baseline;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "A change below this is never marked, however certain it is. Default:"
              + " ${DEFAULT-VALUE} percent.")
  private double tolerance;

  @Option(
      names = "--fail-on-regression",
      description =
          "Exit status 1 if anything is worse than in the earlier results, or in the baseline,"
              + " beyond noise.")
  private boolean failOnRegression;

  @Option(names = "--json", description = "Prints the outcome as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (failOnRegression && earlier == null && baseline == null) {
      throw wrongUse("--fail-on-regression needs --compare-to or --baseline");
    }
    if (!(tolerance >= 0 && tolerance <= 100)) {
      throw wrongUse("--tolerance is " + tolerance + ", expected 0 to 100 percent");
    }
    Optional<Comparison> comparison = Optional.empty();
    var files = ResultReader.read(paths);
    if (earlier != null) {
      var before = earlier.stream().map(path -> ResultReader.read(List.of(path))).toList();
      comparison = Optional.of(Comparison.of(before, files, tolerance / 100));
    }
    Optional<PairedComparison> paired =
        Optional.ofNullable(baseline)
            .map(old -> PairedComparison.of(ResultReader.read(old), files, tolerance / 100));
    Report report = new Report(Instant.now(), files, comparison, paired);
    ciFiles.write("--out", out, HtmlPage.of(report));
    ciFiles.write(report);
    print(report);
    boolean isWorse =
        comparison.filter(Comparison::hasRegression).isPresent() || report.hasPairedRegression();
    return failOnRegression && isWorse ? REGRESSION : 0;
  }

  private void print(Report report) throws JsonProcessingException {
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      ObjectNode outcome = TextSummary.json(report).put("report", out.toString());
      writer.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(outcome));
    } else {
      writer.print(TextSummary.of(report));
      writer.println("The report is " + out);
    }
    writer.flush();
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
