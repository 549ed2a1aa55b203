package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.StoredDeadLetter;
import io.vectorstream.store.ForgottenLetters;
import io.vectorstream.store.VectorStore;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that shows dead letters and counts them by reason. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Counts the dead letters that match by their reason, and shows the newest of them.",
      "With --json: the counts, and the letters whole; a key or a value is text where key_encoding"
          + " or value_encoding is utf-8, and base64 where it says so.",
      "The content of records of forgotten users is not shown."
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
    Settings all = options.load();
    Settings.Kafka settings = all.kafka();
    PrintWriter out = spec.commandLine().getOut();
    try (DeadLetterTopic topic = DeadLetterTopic.open(settings);
        VectorStore store = VectorStore.connect(all.qdrant())) {
      DeadLetterSurvey survey = DeadLetterSurvey.of(topic, filter, limit);
      UnaryOperator<StoredDeadLetter> shown =
          survey.newest().isEmpty()
              ? UnaryOperator.identity()
              : new ForgottenLetters(store).shown();
      if (json) {
        DeadLetterJson.print(out, settings.deadLetterTopic(), topic, survey, shown);
      } else {
        DeadLetterTable.print(out, settings.deadLetterTopic(), topic, survey, shown);
      }
    }
    return 0;
  }
}
