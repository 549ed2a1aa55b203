package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows dead letters and counts them by reason. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Counts the dead letters that match by their reason, and shows the newest of them.",
      "With --json: the counts, and the letters whole; a key or a value is text where key_encoding or"
          + " value_encoding is utf-8, and base64 where it says so."
    })
public final class DeadLetterListCommand implements Callable<Integer> {
  private static final int MOST_ROWS = 100_000;

  @Mixin private DeadLetterOptions which;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How many to show, the newest first; all that match are counted. Default:"
              + " ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (limit < 0 || limit > MOST_ROWS) {
      throw new IllegalArgumentException(
          "--limit is %d, expected 0 to %d".formatted(limit, MOST_ROWS));
    }
    DeadLetterFilter filter = which.filter();
    Settings.Kafka settings = options.load().kafka();
    PrintWriter out = spec.commandLine().getOut();
    try (DeadLetterTopic topic = DeadLetterTopic.open(settings)) {
      DeadLetterSurvey survey = DeadLetterSurvey.of(topic, filter, limit);
      if (json) {
        DeadLetterJson.print(out, settings.deadLetterTopic(), topic, survey);
      } else {
        DeadLetterTable.print(out, settings.deadLetterTopic(), topic, survey);
      }
    }
    return 0;
  }
}
