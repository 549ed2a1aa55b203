package io.vectorstream.reports.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.GpuResult;
import io.vectorstream.reports.result.JmhRun;
import io.vectorstream.reports.result.Ladder;
import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.Result;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultKind;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SystemsResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The figures of a set of results that can be compared, each with its noise. */
final class Figures {
  /** The least number of values that say something about their spread. */
  static final int ENOUGH = 3;

  private final List<Figure> all = new ArrayList<>();
  private ResultKind kind;
  private String setup;
  private Optional<Machine> machine;

  /** Whether each of JMH's forks is a figure of its own. */
  private final boolean byFork;

  private Figures(boolean byFork) {
    this.byFork = byFork;
  }

  /**
   * Returns each figure once for each kind of machine that it was measured on.
   *
   * @param sets files that were measured together
   */
  static List<Figure> of(List<List<ResultFile>> sets) {
    Optional<Machine> onlyOne = onlyMachine(sets.stream().flatMap(List::stream).toList());
    Figures figures = new Figures(false);
    Set<JsonNode> known = new HashSet<>();
    for (List<ResultFile> set : sets) {
      // JMH does not record its machine: it is that of the files beside it, if they have only one.
      Optional<Machine> common = onlyMachine(set).or(() -> onlyOne);
      for (ResultFile file : set) {
        if (known.add(file.content())) {
          figures.machine = file.result().measuredOn().or(() -> common);
          figures.kind = file.result().kind();
          figures.add(file.result());
        }
      }
    }
    List<List<Figure>> measured = new ArrayList<>();
    for (Figure figure : figures.all) {
      measured.stream()
          .filter(times -> times.get(0).isSameAs(figure))
          .filter(times -> times.get(0).isOnMachineLike(figure))
          .findFirst()
          .orElseGet(
              () -> {
                List<Figure> times = new ArrayList<>();
                measured.add(times);
                return times;
              })
          .add(figure);
    }
    return measured.stream().map(Figure::pooled).toList();
  }

  /**
   * Returns each figure as often as it was measured, in the order of the measurements: that of
   * their times, or that of the files if one does not say when. Each fork of JMH is a measurement.
   */
  static List<Figure> singly(List<ResultFile> files) {
    Optional<Machine> common = onlyMachine(files);
    Figures figures = new Figures(true);
    List<ResultFile> inOrder = new ArrayList<>(files);
    if (files.stream().allMatch(file -> file.result().measuredAt().isPresent())) {
      inOrder.sort(Comparator.comparing(file -> file.result().measuredAt().get()));
    }
    for (ResultFile file : inOrder) {
      figures.machine = file.result().measuredOn().or(() -> common);
      figures.kind = file.result().kind();
      figures.add(file.result());
    }
    return List.copyOf(figures.all);
  }

  private static Optional<Machine> onlyMachine(List<ResultFile> files) {
    List<Machine> machines = Machine.distinct(files.stream().map(ResultFile::result).toList());
    return machines.size() == 1 ? Optional.of(machines.get(0)) : Optional.empty();
  }

  private void add(Result result) {
    if (result instanceof RunSummary run) {
      add(run);
    } else if (result instanceof SweepResult sweep) {
      add(sweep);
    } else if (result instanceof BesideResult beside) {
      beside.runs().forEach(run -> add(run.summary()));
    } else if (result instanceof SystemsResult systems) {
      add(systems);
    } else if (result instanceof AgainstResult against) {
      // What its two builds differ by is a comparison of its own.
      against.of(AgainstResult.THIS).forEach(this::add);
    } else if (result instanceof Ladder ladder) {
      add(ladder);
    } else if (result instanceof JmhRun jmh) {
      jmh.benchmarks().forEach(this::add);
    } else if (result instanceof GpuResult gpu) {
      add(gpu);
    } else if (result instanceof EvaluationResult evaluation) {
      add(evaluation);
    } else if (result instanceof SearchLoadResult search) {
      add(search);
    }
  }

  private void add(RunSummary run) {
    setup = RunFigures.setup(run);
    RunFigures.of(run).forEach(this::add);
  }

  private void add(RunFigures.RunFigure line) {
    add(line.name(), line.unit(), line.higherIsBetter(), line.value(), line.noise());
  }

  private void add(String name, Unit unit, boolean higherIsBetter, double value, Noise noise) {
    all.add(new Figure(kind, setup, name, unit, higherIsBetter, value, noise, machine));
  }

  /** The true limit is between the highest rate that held and the next one that was tried. */
  private void add(SweepResult sweep) {
    setup = "p99 below %s ms".formatted(sweep.latencyTargetMs());
    if (sweep.highest().isPresent()) {
      double highest = sweep.highest().getAsDouble();
      Noise noise =
          sweep.lowestMissed().isPresent() && !sweep.isPartial()
              ? new Noise.Interval(
                  highest, sweep.lowestMissed().getAsDouble(), "up to the next rate, which missed")
              : new Noise.Unknown();
      add("highest sustained rate", Unit.EVENTS_PER_SECOND, true, highest, noise);
    }
    for (SweepResult.Run run : sweep.runs()) {
      setup = run.axis() + " " + run.name();
      RunFigures.of(run.summary()).stream()
          .filter(line -> line.isOfTheWholeRun())
          .forEach(this::add);
    }
  }

  private void add(SystemsResult systems) {
    for (SystemsResult.Run run : systems.runs()) {
      setup =
          "%s, %s for %.0f s%s"
              .formatted(
                  run.system(),
                  systems.ratePerSecond() == null
                      ? "as many events as it takes"
                      : "%,.0f events/s".formatted(systems.ratePerSecond()),
                  systems.durationS(),
                  systems.killAfterS() == null
                      ? ""
                      : ", killed after %.0f s".formatted(systems.killAfterS()));
      Noise unknown = new Noise.Unknown();
      add("stored", Unit.EVENTS_PER_SECOND, true, run.throughputEps().stored(), unknown);
      add(
          "p99 until searchable",
          Unit.MILLISECONDS,
          false,
          run.searchable().latencyMs().p99(),
          unknown);
      add(
          "lost events",
          Unit.COUNT,
          false,
          run.events().lost(),
          new Noise.Exact(run.events().lost()));
      add(
          "doubled events",
          Unit.COUNT,
          false,
          run.events().doubled(),
          new Noise.Exact(run.events().doubled()));
    }
  }

  private void add(Ladder ladder) {
    setup = "%,d events".formatted(ladder.events());
    for (Ladder.Step step : ladder.steps()) {
      Ladder.Rates rates = step.eventsPerSecond();
      Noise noise =
          rates.iterations().size() >= ENOUGH
              ? new Noise.Interval(
                  rates.lowest(),
                  rates.highest(),
                  "range of %d iterations".formatted(rates.iterations().size()))
              : new Noise.Unknown();
      add(step.name(), Unit.EVENTS_PER_SECOND, true, rates.median(), noise);
    }
  }

  private void add(JmhRun.Benchmark benchmark) {
    setup = "%s, %s".formatted(benchmark.group(), benchmark.mode());
    JmhRun.Metric metric = benchmark.primaryMetric();
    String name = benchmark.name() + ", " + metric.scoreUnit();
    if (byFork && !metric.forks().isEmpty()) {
      for (double score : metric.forks()) {
        add(name, Unit.OTHER, benchmark.higherIsBetter(), score, new Noise.Unknown());
      }
      return;
    }
    Noise noise =
        Double.isFinite(metric.scoreError())
            ? new Noise.Interval(
                metric.score() - metric.scoreError(),
                metric.score() + metric.scoreError(),
                "99.9 % confidence interval")
            : new Noise.Unknown();
    add(name, Unit.OTHER, benchmark.higherIsBetter(), metric.score(), noise);
  }

  private void add(GpuResult result) {
    setup = result.gpu() == null ? "no GPU" : Objects.toString(result.gpu().name());
    for (GpuResult.EmbeddingRow row : result.embedding()) {
      if (row.textsPerSecond() != null) {
        add(
            "%s on the %s in %s, batches of %d, %d tokens, texts/s"
                .formatted(
                    row.engine(), row.device(), row.precision(), row.batchSize(), row.tokens()),
            Unit.OTHER,
            true,
            row.textsPerSecond(),
            new Noise.Unknown());
      }
    }
    for (GpuResult.SparkRow row : result.spark()) {
      if (row.recordsPerSecond() != null) {
        double[] rates =
            row.secondsOfRuns().stream().mapToDouble(seconds -> row.records() / seconds).toArray();
        Noise noise =
            rates.length >= ENOUGH
                ? new Noise.Interval(
                    Arrays.stream(rates).min().getAsDouble(),
                    Arrays.stream(rates).max().getAsDouble(),
                    "range of %d runs".formatted(rates.length))
                : new Noise.Unknown();
        add(
            "Spark %s RAPIDS, records/s".formatted(row.rapids() ? "with" : "without"),
            Unit.OTHER,
            true,
            row.recordsPerSecond(),
            noise);
      }
    }
  }

  private void add(EvaluationResult evaluation) {
    setup =
        "%,d users, %,d products of %s, seed %d%s"
            .formatted(
                evaluation.users(),
                evaluation.products(),
                evaluation.catalog(),
                evaluation.seed(),
                evaluation.heldOut() == null ? "" : ", held out: " + evaluation.heldOut());
    for (EvaluationResult.Line line : evaluation.lines()) {
      add(line, "hit rate", line.hitRate());
      add(line, "nDCG", line.ndcg());
    }
  }

  private void add(EvaluationResult.Line line, String metric, EvaluationResult.Estimate estimate) {
    if (estimate != null) {
      add(
          "%s, %s".formatted(line.inWords(), metric),
          Unit.OTHER,
          true,
          estimate.mean(),
          new Noise.Interval(
              estimate.mean() - estimate.margin(),
              estimate.mean() + estimate.margin(),
              "95 % confidence interval"));
    }
  }

  private void add(SearchLoadResult search) {
    setup =
        "%,.0f requests/s over %,d products, %,.0f events/s"
            .formatted(search.requestsPerSecond(), search.products(), search.eventsPerSecond());
    add("p50", Unit.MILLISECONDS, false, search.latencyMs().p50(), new Noise.Unknown());
    add("p99", Unit.MILLISECONDS, false, search.latencyMs().p99(), new Noise.Unknown());
    add("failed requests", Unit.COUNT, false, search.failed(), new Noise.Unknown());
  }
}
