package io.vectorstream.local.baseline;

import io.vectorstream.config.Settings;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.ThisMachine;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.reports.result.Ladder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The measurement of the gain by each idea of the pipeline. First, the same events are stored one
 * by one, as a program does that uses none of the ideas; then each step adds one idea. All steps
 * are made of the pipeline's own parts, and take turns, so that other load on the machine affects
 * all of them alike. Kafka and Spark are not used.
 */
public final class Baseline {

  /** The events of the round before the first: not counted, because the JVM is cold then. */
  private static final int WARM_UP_EVENTS = 200;

  private final int events;
  private final int rounds;
  private final Function<List<String>, Settings> settingsOf;
  private final Consumer<String> progress;

  /**
   * @param events that each step stores in each round, at least 1
   * @param rounds in which every step has its turn, at least 1
   * @param settingsOf returns the settings, with these, {@code name=value}, on top
   * @param progress receives the progress in a few words
   */
  public Baseline(
      int events,
      int rounds,
      Function<List<String>, Settings> settingsOf,
      Consumer<String> progress) {
    this.events = events;
    this.rounds = rounds;
    this.settingsOf = settingsOf;
    this.progress = progress;
  }

  /**
   * @throws InterruptedException if the thread is interrupted; nothing is left behind
   */
  public Ladder run() throws InterruptedException {
    Instant startedAt = now();
    List<byte[]> records = Records.generate(events);
    List<StepRun> steps = new ArrayList<>();
    try (TemporaryVectorStore server = TemporaryVectorStore.start("baseline");
        Models models = new Models()) {
      try {
        for (BaselineStep step : BaselineStep.LADDER) {
          steps.add(new StepRun(step, settingsOf, server.settings(), steps.size() + 1, models));
        }
        List<List<Double>> speeds = measure(steps, records);
        return new Ladder(
            Ladder.SCHEMA,
            startedAt,
            now(),
            ThisMachine.environment(
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                ServicesKind.EMBEDDED,
                steps.get(0).model().engine()),
            events,
            lines(steps, speeds, Records.differentTexts(records)));
      } finally {
        steps.forEach(StepRun::close);
      }
    }
  }

  /** Returns events per second of each step in each round. */
  private List<List<Double>> measure(List<StepRun> steps, List<byte[]> records)
      throws InterruptedException {
    List<List<Double>> speeds = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      at("warming up: " + BaselineStep.LADDER.get(i).name());
      speeds.add(new ArrayList<>());
      steps.get(i).startOver();
      steps.get(i).store(records.subList(0, Math.min(WARM_UP_EVENTS, records.size())));
    }
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < steps.size(); i++) {
        at("round %d of %d: %s".formatted(round, rounds, BaselineStep.LADDER.get(i).name()));
        steps.get(i).startOver();
        speeds.get(i).add(records.size() * 1e9 / steps.get(i).store(records));
      }
    }
    return speeds;
  }

  private void at(String stage) throws InterruptedException {
    progress.accept(stage);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private List<Ladder.Step> lines(
      List<StepRun> steps, List<List<Double>> speeds, long differentTexts) {
    List<Ladder.Step> lines = new ArrayList<>();
    double first = rates(speeds.get(0)).median();
    double previous = first;
    for (int i = 0; i < steps.size(); i++) {
      Ladder.Rates speed = rates(speeds.get(i));
      lines.add(
          new Ladder.Step(
              BaselineStep.LADDER.get(i).name(),
              steps.get(i).inWords(events, differentTexts),
              speed,
              rounded(speed.median() / first, 100),
              rounded(speed.median() / previous, 100)));
      previous = speed.median();
    }
    return lines;
  }

  /** Gives the median and the range of all rounds, to a tenth. */
  private static Ladder.Rates rates(List<Double> iterations) {
    double[] all = iterations.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Ladder.Rates(
        rounded(new Median().evaluate(all), 10),
        rounded(all[0], 10),
        rounded(all[all.length - 1], 10),
        iterations.stream().map(value -> rounded(value, 10)).toList());
  }

  /** Rounds to a tenth, or a hundredth: more digits would mean nothing. */
  private static double rounded(double value, long parts) {
    return (double) Math.round(value * parts) / parts;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
