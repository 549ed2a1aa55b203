package io.vectorstream.it;

import io.vectorstream.local.run.ServicesKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kafka and a Qdrant that answer, with nothing else known about them.
 *
 * @param bootstrapServers {@code host:port} for Kafka clients of this process
 * @param qdrantPort the gRPC port
 * @param apiKey that Qdrant asks for; empty if it asks for none
 * @param stop stops the services that were started
 */
public record Services(
    ServicesKind kind,
    String bootstrapServers,
    String qdrantHost,
    int qdrantPort,
    String apiKey,
    Runnable stop)
    implements AutoCloseable {

  /** {@code containers}, {@code embedded} or {@code external}; without it, see {@link #start}. */
  public static final String CHOICE = "services";

  /** {@code host:port} of an existing Kafka. */
  public static final String KAFKA = "services.kafka";

  /** {@code host:port} of an existing Qdrant. */
  public static final String QDRANT = "services.qdrant";

  /** The variable with the API key of an existing Qdrant, as for the program itself. */
  public static final String API_KEY_VARIABLE = "VECTORSTREAM_QDRANT_API_KEY";

  private static final Pattern HOST_PORT = Pattern.compile("(\\[[^]\\s]+]|[^:,\\s]+):(\\d{1,5})");

  /**
   * The kind of services that tests get, and one sentence with the reason.
   *
   * @param why without a full stop
   */
  record Choice(ServicesKind kind, String why) {

    /**
     * Takes what {@code -Dservices} names; if it names none, containers where a Docker engine
     * answers and has or can pull the images, and the embedded services elsewhere.
     *
     * @throws IllegalArgumentException if the property is wrong, or asks for containers and there
     *     can be none
     */
    static Choice make() {
      String asked = System.getProperty(CHOICE, "").strip();
      if (asked.isEmpty()) {
        return ContainerImages.missing()
            .map(why -> new Choice(ServicesKind.EMBEDDED, why))
            .orElseGet(
                () ->
                    new Choice(
                        ServicesKind.CONTAINERS, "a Docker engine answers and has the images"));
      }
      ServicesKind kind = Services.kind(asked);
      if (kind == ServicesKind.CONTAINERS) {
        ContainerImages.missing()
            .ifPresent(
                why -> {
                  throw new IllegalArgumentException(
                      "-D%s=containers cannot be had: %s".formatted(CHOICE, why));
                });
      }
      return new Choice(kind, "-D" + CHOICE + "=" + asked);
    }
  }

  /**
   * Starts the services of the {@link Choice}, and prints it on standard output.
   *
   * @throws IllegalArgumentException when a system property is missing or wrong, or if containers
   *     are asked for and cannot be had
   */
  public static Services start() {
    Choice choice = Choice.make();
    Services services =
        switch (choice.kind()) {
          case CONTAINERS -> ContainerServices.start();
          case EMBEDDED -> EphemeralServices.start();
          case EXTERNAL -> external();
        };
    System.out.printf(
        "Services: %s, because %s; Kafka at %s, Qdrant at %s:%d%n",
        name(choice.kind()),
        choice.why(),
        services.bootstrapServers,
        services.qdrantHost,
        services.qdrantPort);
    return services;
  }

  private static ServicesKind kind(String asked) {
    for (ServicesKind kind : ServicesKind.values()) {
      if (name(kind).equals(asked)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "-D%s=%s: expected containers, embedded or external".formatted(CHOICE, asked));
  }

  public static String name(ServicesKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Services external() {
    String kafka = address(KAFKA, "localhost:9092").group();
    Matcher qdrant = address(QDRANT, "localhost:6334");
    String apiKey = System.getenv().getOrDefault(API_KEY_VARIABLE, "");
    return new Services(
        ServicesKind.EXTERNAL,
        kafka,
        qdrant.group(1),
        Integer.parseInt(qdrant.group(2)),
        apiKey,
        () -> {});
  }

  private static Matcher address(String property, String example) {
    String given = System.getProperty(property, "").strip();
    Matcher address = HOST_PORT.matcher(given);
    if (!address.matches()) {
      throw new IllegalArgumentException(
          "-D%s=external needs -D%s=host:port, such as %s; it is %s"
              .formatted(
                  CHOICE, property, example, given.isEmpty() ? "missing" : "'" + given + "'"));
    }
    return address;
  }

  /** Returns the settings with the addresses of these services, as {@code name=value}. */
  public List<String> settings() {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "kafka.bootstrap_servers=" + bootstrapServers,
                "qdrant.host=" + qdrantHost,
                "qdrant.port=" + qdrantPort));
    if (!apiKey.isEmpty()) {
      settings.add("qdrant.api_key=" + apiKey);
    }
    return settings;
  }

  @Override
  public void close() {
    stop.run();
  }
}
