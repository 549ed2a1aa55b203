package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.ScratchSpace;
import io.vectorstream.local.run.ServicesKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The Kafka and the vector store that a run is measured on; a picocli mixin. */
final class MeasuredServices {
  private static final Pattern HOST_PORT =
      Pattern.compile("([^:\\s]+|\\[[^\\]\\s]+\\]):(\\d{1,5})");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Use this Kafka, and start nothing.")
  private String bootstrapServers;

  @Option(
      names = "--qdrant",
      paramLabel = "HOST:PORT",
      description = "Use this Qdrant (its gRPC port), and start nothing.")
  private String qdrant;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "data/validate",
      description = "Where everything is kept meanwhile. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--products-in",
      paramLabel = "NAME",
      description =
          "With --qdrant: keep the products in a collection of this name, and go on with those that"
              + " are there; for a large preload that several runs share.")
  private String productsIn;

  @Option(names = "--keep", description = "Leave the data, the topics and the collections.")
  private boolean keep;

  /** The proxy between an own Kafka and its clients; null for none. */
  private FaultProxy kafkaProxy;

  /** The use of services that hold no data. */
  @FunctionalInterface
  interface Use<T> {
    T with(Settings settings, ServicesKind kind) throws InterruptedException;
  }

  /**
   * @throws ParameterException when an option is wrong
   */
  void check() {
    if (productsIn != null && qdrant == null) {
      throw new ParameterException(
          spec.commandLine(), "--products-in is for a Qdrant of your own; expected --qdrant, too");
    }
    if (productsIn != null && !NAME.matcher(productsIn).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--products-in '" + productsIn + "' is no name; expected letters, digits, - and _");
    }
  }

  boolean keep() {
    return keep;
  }

  /** Puts a proxy before a Kafka that is started here. */
  void putBeforeKafka(FaultProxy proxy) {
    kafkaProxy = proxy;
  }

  boolean isAnyGiven() {
    return bootstrapServers != null || qdrant != null;
  }

  /** Returns the folder where everything is kept meanwhile. */
  Path data() {
    return data;
  }

  boolean areBothGiven() {
    return bootstrapServers != null && qdrant != null;
  }

  /** Returns the settings that these options decide, as {@code name=value}. */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (bootstrapServers != null) {
      settings.add("kafka.bootstrap_servers=" + bootstrapServers);
    }
    if (qdrant != null) {
      Matcher address = HOST_PORT.matcher(qdrant);
      if (!address.matches()) {
        throw new ParameterException(
            spec.commandLine(), "--qdrant '" + qdrant + "' is not an address; expected host:port");
      }
      settings.add("qdrant.host=" + address.group(1));
      settings.add("qdrant.port=" + address.group(2));
      settings.add("qdrant.addresses=");
    }
    return settings;
  }

  /**
   * Starts services, or makes a topic and collections on those that were given, and removes all of
   * it afterwards.
   *
   * @param load returns the settings in force with those that are decided here, as {@code
   *     name=value}
   * @param say receives messages about what is started
   */
  <T> T fresh(Function<List<String>, Settings> load, Consumer<String> say, Use<T> use)
      throws InterruptedException {
    return fresh(isAnyGiven() ? ServicesKind.EXTERNAL : ServicesKind.EMBEDDED, load, say, use);
  }

  /**
   * Does the same on services of that kind: also on embedded ones where others were given.
   *
   * @param kind {@code EMBEDDED} or {@code EXTERNAL}
   */
  <T> T fresh(
      ServicesKind kind, Function<List<String>, Settings> load, Consumer<String> say, Use<T> use)
      throws InterruptedException {
    try (DataFolder folder = DataFolder.open(data)) {
      folder.empty();
      List<String> decided = settings();
      decided.add("stream.checkpoint=" + folder.checkpoint());
      T result =
          kind == ServicesKind.EXTERNAL
              ? onGiven(load, decided, say, use)
              : onOwn(folder, load, decided, say, use);
      if (!keep) {
        folder.delete();
      }
      return result;
    }
  }

  private <T> T onOwn(
      DataFolder folder,
      Function<List<String>, Settings> load,
      List<String> decided,
      Consumer<String> say,
      Use<T> use)
      throws InterruptedException {
    say.accept("Starting Kafka, the vector store and the pipeline in this process");
    try (EmbeddedServices services =
        kafkaProxy == null
            ? EmbeddedServices.start(folder, 0, 0, Optional.empty())
            : EmbeddedServices.startBehind(kafkaProxy, folder)) {
      decided.addAll(services.settings());
      return use.with(load.apply(decided), ServicesKind.EMBEDDED);
    }
  }

  private <T> T onGiven(
      Function<List<String>, Settings> load, List<String> decided, Consumer<String> say, Use<T> use)
      throws InterruptedException {
    decided.addAll(ScratchSpace.settings(load.apply(decided), Instant.now(), productsIn));
    Settings own = load.apply(decided);
    say.accept(
        "Starting the pipeline from Kafka at %s, topic %s, to Qdrant at %s, collection %s"
            .formatted(
                own.kafka().bootstrapServers(),
                own.kafka().topic(),
                own.qdrant().address(),
                own.qdrant().collections().events()));
    ScratchSpace.check(own);
    ScratchSpace removedAfterwards = keep ? null : new ScratchSpace(own, productsIn != null);
    try (removedAfterwards) {
      return use.with(own, ServicesKind.EXTERNAL);
    }
  }
}
