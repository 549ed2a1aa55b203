package io.vectorstream.generator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.shop.KafkaProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that sends shop events to Kafka, a file or standard output. */
@Command(
    name = "generate",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Sends the events of a shop, made up or replayed, to Kafka, a file or standard output.",
      "It ends after --count events or --duration, whichever comes first; without either, on"
          + " Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  generate --bootstrap-servers localhost:9092 --rate 1000 --duration 60s",
      "  generate --output events.jsonl --rate max --count 1000000 --malformed 0.01",
      "  generate --replay events.jsonl --to kafka --replay-times own --speed 2",
      "  generate --write-catalog products.csv --products 5000",
      "",
      "Exit status: 0 done, 1 failed on the way, 2 wrong use."
    })
public final class GenerateCommand implements Callable<Integer> {

  enum Destination {
    kafka,
    file,
    stdout
  }

  enum ReplayTimes {
    own,
    now
  }

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = "--to",
      paramLabel = "WHERE",
      description =
          "${COMPLETION-CANDIDATES}. Can be left out with --bootstrap-servers or --output.")
  private Destination to;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description =
          "Kafka's brokers, with commas between. With --to kafka: those of --kafka-properties, or"
              + " localhost:9092.")
  private String bootstrapServers;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = "ecommerce-events",
      description = "Created if it is missing. Default: ${DEFAULT-VALUE}.")
  private String topic;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of a topic that is created. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--kafka-property",
      paramLabel = "NAME=VALUE",
      description = "A further Kafka client setting. Can be repeated.")
  private Map<String, String> kafkaProperties = Map.of();

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description =
          "Kafka client settings, such as those of TLS and SASL, in a properties file;"
              + " --kafka-property is stronger.")
  private Path kafkaPropertiesFile;

  private Map<String, String> propertiesOfFile = Map.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = DurationConverter.class,
      description = "How long to wait for Kafka. Default: ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the events to this file, one a line.")
  private Path output;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      defaultValue = "1000",
      converter = RateConverter.class,
      description = "Events per second, or max. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Records to send, the malformed and duplicated ones included.")
  private Long count;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to send: 250ms, 10s, 5m, 2h.")
  private Duration duration;

  @Option(
      names = "--products",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Products of a made-up catalogue. Default: ${DEFAULT-VALUE}.")
  private int products;

  @Option(
      names = "--catalog-seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same number gives the same products. Default: ${DEFAULT-VALUE}.")
  private long catalogSeed;

  @Mixin private CatalogFileOptions catalogFile;

  @Option(
      names = "--write-catalog",
      paramLabel = "FILE",
      description = "Write the products to a CSV file; alone, send nothing.")
  private Path writeCatalog;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Shoppers. Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--skew",
      paramLabel = "S",
      defaultValue = "1.0",
      description =
          "How much more popular the popular products are: exponent of Zipf's law, from 0."
              + " Default: ${DEFAULT-VALUE}.")
  private double zipf;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The same number gives the same events with the same ids. Default: another one each"
              + " time, which is printed.")
  private Long seed;

  @Option(
      names = "--malformed",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of malformed records, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double malformed;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of events sent again, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double duplicates;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of late events, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double late;

  @Option(
      names = "--max-lateness",
      paramLabel = "TIME",
      defaultValue = "6h",
      converter = DurationConverter.class,
      description = "How late they are at most. Default: ${DEFAULT-VALUE}.")
  private Duration maxLateness;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "Send the events of this file, one a line, instead of made-up ones. They keep their ids.")
  private Path replay;

  @Option(
      names = "--replay-times",
      paramLabel = "WHICH",
      defaultValue = "now",
      description =
          "own: keep the timestamps, and send as they say; now: new ones, at --rate."
              + " Default: ${DEFAULT-VALUE}.")
  private ReplayTimes replayTimes;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      defaultValue = "1",
      description = "With --replay-times own: how many times faster. Default: ${DEFAULT-VALUE}.")
  private double speed;

  @Option(
      names = "--json",
      description =
          "Print the counts as JSON on standard output (on standard error with --to stdout).")
  private boolean json;

  /** Returns the command, ready to run by itself: it reports errors in one line. */
  public static CommandLine commandLine() {
    return new CommandLine(new GenerateCommand())
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (e, args) -> {
              e.getCommandLine().getErr().println("generate: " + e.getMessage());
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public Integer call() throws IOException {
    try {
      check();
      return generate();
    } catch (CatalogException | IllegalArgumentException e) {
      return told(e, CommandLine.ExitCode.USAGE);
    } catch (GeneratorException e) {
      return told(e, CommandLine.ExitCode.SOFTWARE);
    }
  }

  private int told(RuntimeException e, int exitCode) {
    // The message about a file may have line ends.
    err()
        .println(
            "generate: " + String.valueOf(e.getMessage()).lines().collect(Collectors.joining(" ")));
    return exitCode;
  }

  private void check() {
    if (to == null && bootstrapServers != null && output != null) {
      throw wrongUse("--bootstrap-servers and --output are both given; say which by --to");
    }
    if (to == null) {
      to = bootstrapServers != null ? Destination.kafka : output != null ? Destination.file : null;
    }
    if (to == null && writeCatalog == null) {
      throw wrongUse("where to? Expected --to kafka|file|stdout, --bootstrap-servers or --output");
    }
    if (to == Destination.file && output == null) {
      throw wrongUse("--to file needs --output FILE");
    }
    if (count != null && count < 0) {
      throw wrongUse("--count must be 0 or more, but is " + count);
    }
    if (kafkaPropertiesFile != null) {
      propertiesOfFile = propertiesOf(kafkaPropertiesFile);
    }
    atLeastOne("--products", products);
    atLeastOne("--users", users);
    atLeastOne("--partitions", partitions);
    share("--malformed", malformed);
    share("--duplicates", duplicates);
    share("--late", late);
    if (!(zipf >= 0 && zipf <= 10)) {
      throw wrongUse("--skew must be from 0 to 10, but is " + zipf);
    }
    if (!(speed > 0)) {
      throw wrongUse("--speed must be above 0, but is " + speed);
    }
  }

  private static Map<String, String> propertiesOf(Path file) {
    try {
      return KafkaProperties.read(file.toString());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--kafka-properties '" + file + "' " + e.getMessage(), e);
    }
  }

  private void atLeastOne(String option, int value) {
    if (value < 1) {
      throw wrongUse(option + " must be 1 or more, but is " + value);
    }
  }

  private void share(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw wrongUse(option + " must be from 0 to 1, but is " + value);
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int generate() throws IOException {
    if (writeCatalog != null) {
      Catalog catalog = catalog();
      try {
        catalog.write(writeCatalog);
      } catch (IOException e) {
        throw new GeneratorException("cannot write the catalogue to " + writeCatalog + ": " + e, e);
      }
      err().println("wrote " + catalog.products().size() + " products to " + writeCatalog);
    }
    if (to == null) {
      return CommandLine.ExitCode.OK;
    }
    if (replay == null) {
      return send(stream());
    }
    try (Replay events =
        replayTimes == ReplayTimes.own
            ? Replay.withOwnTimes(replay, speed)
            : Replay.withNewTimes(replay)) {
      return send(events);
    }
  }

  private Catalog catalog() throws IOException {
    return catalogFile.catalog(() -> Catalog.generate(products, catalogSeed), err());
  }

  private EventStream stream() throws IOException {
    ShopperSettings settings =
        ShopperSettings.defaults()
            .withUsers(users)
            .withZipfExponent(zipf)
            .withMalformedShare(malformed)
            .withDuplicateShare(duplicates)
            .withLateShare(late)
            .withMaxLateness(maxLateness);
    if (seed == null) {
      // Two runs with the same seed would send the same event ids, and the second would be taken
      // for a repetition of the first.
      seed = (long) new SecureRandom().nextInt(Integer.MAX_VALUE);
      err().println("seed " + seed);
    }
    return new EventStream(catalog(), settings, seed);
  }

  private int send(EventSource source) {
    CountDownLatch done = new CountDownLatch(1);
    try (EventSink sink = sink()) {
      LoadRunner runner =
          new LoadRunner(
              source, sink, () -> rate, count == null ? Long.MAX_VALUE : count, duration);
      Thread onCtrlC = new Thread(() -> stopAndWait(runner, done), "stop-generating");
      Runtime.getRuntime().addShutdownHook(onCtrlC);
      ProgressLine progress = new ProgressLine(runner, err());
      try {
        runner.run();
      } finally {
        progress.close();
        print(runner.soFar());
        done.countDown();
        removeHook(onCtrlC);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private EventSink sink() {
    return switch (to) {
      case kafka -> kafkaSink();
      case file -> new FileSink(output);
      case stdout -> new StdoutSink();
    };
  }

  private KafkaSink kafkaSink() {
    Map<String, String> properties = new HashMap<>(propertiesOfFile);
    properties.putAll(kafkaProperties);
    String servers = properties.remove("bootstrap.servers");
    if (bootstrapServers != null) {
      servers = bootstrapServers;
    }
    return new KafkaSink(
        servers == null ? "localhost:9092" : servers, topic, partitions, properties, timeout);
  }

  private void stopAndWait(LoadRunner runner, CountDownLatch done) {
    runner.stop();
    try {
      // A Kafka that does not answer any more must not keep the process alive for ever.
      if (!done.await(timeout.toMillis() + 1000, TimeUnit.MILLISECONDS)) {
        err().println("generate: gave up waiting for what was still to be delivered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: this runs because of its hook.
    }
  }

  private void print(LoadReport report) {
    PrintWriter out = to == Destination.stdout ? err() : spec.commandLine().getOut();
    if (json) {
      out.println(asJson(report));
    } else {
      out.printf(
          Locale.ROOT,
          "sent        %,12d%n  valid     %,12d%n  malformed %,12d%n  duplicates%,12d%n"
              + "late        %,12d   (among the valid)%n"
              + "elapsed     %12.1f s%nrate        %,12.0f events/s%n",
          report.sent(),
          report.valid(),
          report.malformed(),
          report.duplicates(),
          report.late(),
          report.elapsed().toMillis() / 1000.0,
          report.eventsPerSecond());
    }
    out.flush();
  }

  private ObjectNode asJson(LoadReport report) {
    ObjectNode counts =
        new ObjectMapper()
            .createObjectNode()
            .put("sent", report.sent())
            .put("valid", report.valid())
            .put("malformed", report.malformed())
            .put("duplicates", report.duplicates())
            .put("late", report.late())
            .put("elapsed_s", report.elapsed().toMillis() / 1000.0)
            .put("events_per_second", Math.round(report.eventsPerSecond() * 10) / 10.0);
    return replay == null ? counts.put("seed", seed) : counts;
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
