package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.ReplayPlan;
import io.vectorstream.process.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command that replays records that became dead letters, to any topic: its user has Kafka's own
 * credentials, and could write there without it. {@code kafka.replay_topics} is for callers of the
 * HTTP API, who have only a token.
 */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Sends the records of the dead letters that match to their topic once more, byte for byte.",
      "Each is replayed once, however often this is run or interrupted, unless --again is given. A"
          + " record that can be read now is stored once; one that still cannot becomes a dead"
          + " letter again."
    })
public final class DeadLetterReplayCommand implements Callable<Integer> {
  /** The longest wait for a stop: a transaction takes a second or two. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  @Mixin private DeadLetterOptions which;

  @Option(
      names = "--to-topic",
      paramLabel = "NAME",
      description =
          "Where to send them. Without it: kafka.topic, and only if that is where all of them came"
              + " from.")
  private String toTopic;

  @Option(names = "--again", description = "Also those that were replayed before.")
  private boolean again;

  @Option(names = "--dry-run", description = "Say what would be replayed, and do nothing.")
  private boolean dryRun;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    Settings.Kafka settings = options.load().kafka();
    PrintWriter out = spec.commandLine().getOut();
    try (DeadLetterTopic topic = DeadLetterTopic.open(settings)) {
      DeadLetterSurvey survey = DeadLetterSurvey.of(topic, filter, 0);
      ReplayPlan plan = ReplayPlan.of(survey, again);
      if (plan.matching() == 0) {
        out.printf(
            "Nothing to replay: none of the %,d dead letters in %s matches.%n",
            survey.all(), settings.deadLetterTopic());
      } else if (plan.total() == 0) {
        out.printf(
            "Nothing to replay: the %,d dead letters that match were replayed before; --again"
                + " replays them once more.%n",
            plan.matching());
      } else {
        checkSources(plan, settings);
        DeadLetterReplay.checkTarget(settings, toTopic);
        out.printf(
            "%s %,d dead letters to %s: %s.%n",
            dryRun ? "Would replay" : "Replaying",
            plan.total(),
            toTopic == null ? String.join(" and ", plan.byTopic().keySet()) : toTopic,
            byReason(plan));
        out.flush();
        if (!dryRun) {
          replay(settings, topic, filter, plan.total());
        }
      }
    }
    out.flush();
    return 0;
  }

  private void checkSources(ReplayPlan plan, Settings.Kafka settings) {
    if (toTopic == null) {
      plan.foreign(settings.readTopics())
          .ifPresent(
              origin -> {
                throw new IllegalArgumentException(
                    "%,d of the dead letters %s, and kafka.topic is %s; say where they go with --to-topic"
                        .formatted(
                            origin.getValue(),
                            origin.getKey().isEmpty()
                                ? "do not say what topic they come from"
                                : "come from the topic " + Printable.text(origin.getKey(), 249),
                            settings.topic()));
              });
    }
  }

  private static String byReason(ReplayPlan plan) {
    return plan.byReason().entrySet().stream()
        .map(reason -> "%,d %s".formatted(reason.getValue(), Printable.text(reason.getKey(), 40)))
        .collect(Collectors.joining(", "));
  }

  private void replay(
      Settings.Kafka settings, DeadLetterTopic topic, DeadLetterFilter filter, long total) {
    try (DeadLetterReplay replay = DeadLetterReplay.open(settings, topic, toTopic)) {
      ReplayProgress progress = new ReplayProgress(spec.commandLine().getErr(), total);
      ShutdownHook.stops(
          replay::stop,
          LONGEST_STOP,
          () -> {
            long replayed = replay.run(filter, again, progress::update);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%,d replayed.%n", replayed);
            if (replay.withoutKey() > 0) {
              out.printf(
                  "%,d left out: they have no key, and Kafka takes no record without one in a topic"
                      + " that is compacted.%n",
                  replay.withoutKey());
            }
            out.flush();
            return replayed;
          });
    }
  }
}
