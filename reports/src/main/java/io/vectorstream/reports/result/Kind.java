package io.vectorstream.reports.result;

/** The kinds of files that a report is made of. */
public enum Kind {
  RUN(RunSummary.class, "run summary", "./vectorstream validate --json FILE"),
  SWEEP(Sweep.class, "sweep", "./vectorstream validate --sweep --json FILE"),
  LADDER(Ladder.class, "baseline ladder", "./vectorstream baseline --json FILE"),
  JMH(JmhRun.class, "JMH results", "java -jar jmh/target/benchmarks.jar -rf json -rff FILE"),
  GPU(
      GpuResult.class,
      "GPU benchmark",
      "java -cp jmh/target/benchmarks.jar io.vectorstream.jmh.gpu.GpuBenchmark --out FILE"),
  EVALUATION(Evaluation.class, "evaluation", "./vectorstream evaluate --json FILE"),
  SEARCH(
      SearchLoad.class,
      "search load",
      "io.vectorstream.jmh.search.SearchLoad --json FILE, as in docs/measurements.md");

  private final Class<? extends Result> type;
  private final String words;
  private final String source;

  Kind(Class<? extends Result> type, String words, String source) {
    this.type = type;
    this.words = words;
    this.source = source;
  }

  Class<? extends Result> type() {
    return type;
  }

  /** Returns the name for readers, in lower case. */
  public String words() {
    return words;
  }

  /** Returns the program that writes such a file. */
  public String source() {
    return source;
  }
}
