package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of files that a report is made of. */
public enum ResultKind {
  RUN("run", RunSummary.class, "run summary", "./vectorstream validate --json FILE"),
  SWEEP("sweep", SweepResult.class, "sweep", "./vectorstream validate --sweep --json FILE"),
  BESIDE(
      "beside",
      BesideResult.class,
      "load on embedded and on real services",
      "./vectorstream validate --beside-embedded --json FILE"),
  SYSTEMS(
      "systems",
      SystemsResult.class,
      "load on several systems",
      "./vectorstream validate --system FILE --json FILE"),
  AGAINST(
      "against",
      AgainstResult.class,
      "load on two builds",
      "./vectorstream validate --against OTHER --json FILE"),
  LADDER("baseline", Ladder.class, "baseline ladder", "./vectorstream baseline --json FILE"),
  JMH(null, JmhRun.class, "JMH results", "java -jar jmh/target/benchmarks.jar -rf json -rff FILE"),
  GPU(
      "gpu",
      GpuResult.class,
      "GPU benchmark",
      "java -cp jmh/target/benchmarks.jar io.vectorstream.jmh.gpu.GpuBenchmark --out FILE"),
  EVALUATION(
      "evaluation", EvaluationResult.class, "evaluation", "./vectorstream evaluate --json FILE"),
  SEARCH(
      "search",
      SearchLoadResult.class,
      "search load",
      // Earlier versions wrote such files; now a workload has searches.
      null);

  private final String inFile;
  private final Class<? extends Result> type;
  private final String words;
  private final String source;

  ResultKind(String inFile, Class<? extends Result> type, String words, String source) {
    this.inFile = inFile;
    this.type = type;
    this.words = words;
    this.source = source;
  }

  /** Finds the kind that a file names; empty if there is none of that name. */
  static Optional<ResultKind> named(String inFile) {
    return Arrays.stream(values()).filter(kind -> inFile.equals(kind.inFile)).findFirst();
  }

  /** Gives the name of this kind in a file; null for JMH's own files, which have none. */
  @JsonValue
  String inFile() {
    return inFile;
  }

  Class<? extends Result> type() {
    return type;
  }

  /** Names this kind as a reader knows it, in lower case. */
  public String words() {
    return words;
  }

  /** Says what writes such a file; empty where only earlier versions did. */
  public Optional<String> source() {
    return Optional.ofNullable(source);
  }
}
