package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.TopicSample;
import io.vectorstream.mapping.DryRun;
import io.vectorstream.mapping.EventMapping;
import io.vectorstream.mapping.Mappings;
import io.vectorstream.mapping.RecordFile;
import io.vectorstream.mapping.RecordReaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that shows what a mapping makes of records. */
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what becomes of records: events, dead letters with their reasons, what is left out, and"
          + " the fields that the mapping does not use. Stores nothing, and changes nothing in Kafka.",
      "With --show: prints a mapping that comes with the program, to begin one's own with."
    })
public final class MapCommand implements Callable<Integer> {

  private static final int MOST_RECORDS = 1_000_000;

  /** The choice of what to do. */
  private static final class Work {
    @Option(
        names = "--dry-run",
        paramLabel = "FILE|TOPIC",
        description =
            "Records to map: a file with one a line, or a single one in JSON, packed by gzip or not;"
                + " or a topic, of which the newest are read.")
    private String source;

    @Option(
        names = "--show",
        paramLabel = "NAME",
        description =
            "The mapping to print: vectorstream, ga4, ga4-bigquery, segment, shopify or"
                + " snowplow.")
    private String show;
  }

  @ArgGroup(multiplicity = "1")
  private Work work;

  @Option(
      names = "--mapping",
      paramLabel = "NAME|FILE",
      description = "The mapping, in place of the setting kafka.mapping.")
  private String mapping;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Records to read at most. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "Print JSON, with every event.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (work.show != null) {
      if (!Mappings.READY.contains(work.show)) {
        throw new IllegalArgumentException(
            "there is no mapping '%s'; expected one of %s"
                .formatted(work.show, String.join(", ", Mappings.READY)));
      }
      spec.commandLine().getOut().print(Mappings.text(work.show));
      spec.commandLine().getOut().flush();
      return 0;
    }
    if (limit < 1 || limit > MOST_RECORDS) {
      throw new IllegalArgumentException(
          "--limit is %d, expected 1 to %d".formatted(limit, MOST_RECORDS));
    }
    Settings.Kafka settings =
        options
            .load(mapping == null ? List.of() : List.of("kafka.mapping=" + mapping))
            .withFilesRead()
            .kafka();
    EventMapping read = settings.mapping().isEmpty() ? null : Mappings.read(settings.mapping());
    DryRun run = new DryRun(RecordReaders.inAnyCase(settings), read);
    addRecords(run, settings);
    if (json) {
      MapReport.printJson(spec.commandLine().getOut(), run);
    } else {
      MapReport.print(spec.commandLine().getOut(), run);
    }
    return 0;
  }

  private void addRecords(DryRun run, Settings.Kafka settings) throws IOException {
    if (isFile(work.source)) {
      RecordFile file = new RecordFile(Path.of(work.source));
      long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
      file.forEach(
          limit,
          (line, value) ->
              run.add(
                  "line " + line,
                  new IncomingRecord(settings.topic(), 0, line - 1, now, null, value, List.of())));
      return;
    }
    if (!work.source.matches(Settings.Kafka.TOPIC)) {
      throw new IllegalArgumentException(
          "there is no file '%s', and no topic can have that name".formatted(work.source));
    }
    for (IncomingRecord record : newest(settings)) {
      run.add("partition %d, offset %d".formatted(record.partition(), record.offset()), record);
    }
  }

  private List<IncomingRecord> newest(Settings.Kafka settings) {
    try {
      return TopicSample.newest(settings, work.source, limit);
    } catch (KafkaException e) {
      throw new KafkaException(
          "there is no file '%s', so it is taken for a topic: %s"
              .formatted(work.source, e.getMessage()),
          e);
    }
  }

  private static boolean isFile(String source) {
    try {
      return Files.isRegularFile(Path.of(source));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
