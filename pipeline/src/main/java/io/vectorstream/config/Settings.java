package io.vectorstream.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.Range;

/**
 * Every setting of the pipeline, typed and checked. The names in a file are these in snake case;
 * their defaults and their descriptions are only in {@code config/vectorstream.yaml}.
 */
public record Settings(
    @NotNull @Valid Kafka kafka,
    @NotNull @Valid Stream stream,
    @NotNull @Valid Qdrant qdrant,
    @NotNull @Valid Events events,
    @NotNull @Valid Embedding embedding,
    @NotNull @Valid Interest interest,
    @NotNull @Valid Recommend recommend,
    @NotNull @Valid Fresh fresh,
    @NotNull @Valid Http http,
    @NotNull @Valid Tracing tracing,
    @NotNull @Valid Spark spark)
    implements Serializable {

  @Override
  public String toString() {
    return Redaction.mask(
        "Settings[%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s]"
            .formatted(
                kafka, stream, qdrant, events, embedding, interest, recommend, fresh, http, tracing,
                spark));
  }

  /** Returns {@code recommend} as it can be followed: pairs that are not counted weigh nothing. */
  public Recommend recommendCounted() {
    return interest.pairs().areCounted()
        ? recommend
        : new Recommend(recommend.diversity(), recommend.popularity(), 0);
  }

  public record Kafka(
      @Pattern(
              regexp = HOST_PORTS,
              message = "must be host:port, or several of them with commas between")
          String bootstrapServers,
      @Pattern(regexp = TOPIC, message = TOPIC_EXPECTED) String topic,
      @NotNull String mapping,
      @Pattern(regexp = "|" + TOPIC, message = TOPIC_EXPECTED) String productsTopic,
      @Pattern(regexp = "|" + TOPIC, message = TOPIC_EXPECTED) String deadLetterTopic,
      @Pattern(regexp = "|" + TOPICS, message = TOPICS_EXPECTED) String replayTopics,
      @NotNull @PositiveDuration Duration deadLetterRetention,
      @NotNull StartingOffsets startingOffsets,
      boolean failOnDataLoss,
      @Min(1) @Max(10_000) int partitions,
      @NotNull @PositiveDuration Duration connectTimeout,
      @NotNull Format format,
      @NotNull @Valid Registry registry,
      @NotNull String propertiesFile,
      @NotNull Map<String, String> properties)
      implements Serializable {

    /** A name or an address, an IPv6 one in brackets, and a port from 1 to 65535. */
    private static final String HOST_PORT =
        "(\\[[0-9a-fA-F:.]+]|[^,:\\s\\[\\]]+):"
            + "([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";

    private static final String HOST_PORTS = HOST_PORT + "(\\s*,\\s*" + HOST_PORT + ")*";

    /** What Kafka allows as the name of a topic. */
    public static final String TOPIC = "(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}";

    private static final String TOPIC_EXPECTED =
        "must be a Kafka topic's name: up to 249 letters, digits, dots, underscores and dashes";
    private static final String TOPICS = TOPIC + "(\\s*,\\s*" + TOPIC + ")*";
    private static final String TOPICS_EXPECTED =
        "must be the names of Kafka topics with commas between";

    public Kafka {
      properties = Map.copyOf(properties);
      Redaction.remember(properties);
    }

    /** Returns whether products have a topic of their own. */
    public boolean hasProducts() {
      return !productsTopic.isEmpty();
    }

    /** Returns the topics that records are read from. */
    public Set<String> readTopics() {
      return hasProducts() ? Set.of(topic, productsTopic) : Set.of(topic);
    }

    /** Returns the same for a client that waits no longer than that. */
    public Kafka within(Duration longest) {
      return with(shorter(connectTimeout, longest), format, registry);
    }

    private Kafka withFilesRead() {
      return with(connectTimeout, format, registry.withFilesRead());
    }

    private Kafka with(Duration connectTimeout, Format format, Registry registry) {
      return new Kafka(
          bootstrapServers,
          topic,
          mapping,
          productsTopic,
          deadLetterTopic,
          replayTopics,
          deadLetterRetention,
          startingOffsets,
          failOnDataLoss,
          partitions,
          connectTimeout,
          format,
          registry,
          propertiesFile,
          properties);
    }

    /** Returns the dead-letter topic with its default filled in. */
    @Override
    public String deadLetterTopic() {
      return deadLetterTopic.isEmpty() ? topic + "-dead-letter" : deadLetterTopic;
    }

    /** Returns the topics of the API's replays: those that are read, and the setting's. */
    public Set<String> replayTargets() {
      Set<String> targets = new LinkedHashSet<>(Set.of(topic));
      targets.addAll(readTopics());
      Arrays.stream(replayTopics.split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(targets::add);
      return targets;
    }

    @Override
    public String toString() {
      return ("Kafka[bootstrapServers=%s, topic=%s, mapping=%s, productsTopic=%s,"
              + " deadLetterTopic=%s, replayTopics=%s, deadLetterRetention=%s,"
              + " startingOffsets=%s, failOnDataLoss=%s, partitions=%d, connectTimeout=%s,"
              + " format=%s, registry=%s,"
              + " propertiesFile=%s, properties=%s]")
          .formatted(
              bootstrapServers,
              topic,
              mapping,
              productsTopic,
              deadLetterTopic(),
              replayTopics,
              deadLetterRetention,
              startingOffsets,
              failOnDataLoss,
              partitions,
              connectTimeout,
              format,
              registry,
              propertiesFile,
              Redaction.redact(properties));
    }
  }

  /** The format of records' values. */
  public enum Format {
    /** Each is JSON. */
    JSON,
    /** Each says itself what it is. */
    AUTO
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  public enum StartingOffsets {
    EARLIEST,
    LATEST
  }

  public record Stream(
      @NotNull @PositiveDuration Duration trigger,
      @NotBlank(message = "must name a folder") String checkpoint,
      @Min(1) long maxEventsPerBatch,
      @NotNull @PositiveDuration Duration batchTime,
      @NotNull @PositiveDuration Duration embeddingTime,
      @NotNull @PositiveDuration Duration pendingTime,
      @Min(0) @Max(10_000) int tasks)
      implements Serializable {}

  public record Qdrant(
      @NotBlank(message = "must name a host") String host,
      @Min(1) @Max(65_535) int port,
      @Pattern(
              regexp = "|" + Kafka.HOST_PORTS,
              message = "must be host:port, or several of them with commas between")
          String addresses,
      boolean tls,
      @NotNull String caCertificate,
      @NotNull Secret apiKey,
      @NotNull String apiKeyFile,
      boolean allowPlaintextKey,
      @NotNull @PositiveDuration Duration timeout,
      @NotNull @PositiveDuration Duration connectTimeout,
      @Min(1) @Max(10_000) int upsertBatch,
      @Min(1) @Max(64) int upsertsInFlight,
      @NotNull @PositiveDuration Duration retryFor,
      @NotNull @Valid Replication replication,
      @NotNull @Valid Layout layout,
      @NotNull @Valid Words words,
      @NotNull @Valid Collections collections)
      implements Serializable {

    /** Returns the addresses of its nodes: the list or, if it is empty, the host and its port. */
    public List<HostPort> nodes() {
      return addresses.isEmpty() ? List.of(new HostPort(host, port)) : HostPort.list(addresses);
    }

    /** Returns the nodes as text: host:port, host:port. */
    public String address() {
      return HostPort.text(nodes());
    }

    /**
     * Returns the API key, given directly or by its file; empty when there is neither.
     *
     * @throws SettingsException when the file cannot be read or is empty
     */
    public Secret resolvedApiKey() {
      return SecretFile.orElse(apiKey, "qdrant.api_key_file", apiKeyFile);
    }

    /** Returns the same with another API key. */
    public Qdrant withApiKey(Secret key) {
      return new Qdrant(
          host,
          port,
          addresses,
          tls,
          caCertificate,
          key,
          apiKeyFile,
          allowPlaintextKey,
          timeout,
          connectTimeout,
          upsertBatch,
          upsertsInFlight,
          retryFor,
          replication,
          layout,
          words,
          collections);
    }

    /** Returns the same with other collections. */
    public Qdrant withCollections(Collections others) {
      return new Qdrant(
          host,
          port,
          addresses,
          tls,
          caCertificate,
          apiKey,
          apiKeyFile,
          allowPlaintextKey,
          timeout,
          connectTimeout,
          upsertBatch,
          upsertsInFlight,
          retryFor,
          replication,
          layout,
          words,
          others);
    }

    /** Returns the same for a client that waits for an answer no longer than that. */
    public Qdrant within(Duration longest) {
      return new Qdrant(
          host,
          port,
          addresses,
          tls,
          caCertificate,
          apiKey,
          apiKeyFile,
          allowPlaintextKey,
          shorter(timeout, longest),
          shorter(connectTimeout, longest),
          upsertBatch,
          upsertsInFlight,
          retryFor,
          replication,
          layout,
          words,
          collections);
    }

    /**
     * Returns the certificates to trust, as PEM text; empty for the JVM's own trust store.
     *
     * @throws SettingsException when the file cannot be read or holds no certificate
     */
    public String resolvedCaCertificate() {
      return PemCertificates.read("qdrant.ca_certificate", caCertificate);
    }
  }

  /** Returns the same settings for records in every format, with a schema registry. */
  public Settings decoding(String registryUrl) {
    return with(
        kafka.with(kafka.connectTimeout, Format.AUTO, kafka.registry().at(registryUrl)),
        qdrant,
        spark);
  }

  /** Returns the same settings with another model, and the collections of its vectors. */
  public Settings withModel(Embedding model, String products, String users) {
    return new Settings(
        kafka,
        stream,
        qdrant.withCollections(qdrant.collections.withVectors(products, users)),
        events,
        model,
        interest,
        recommend,
        fresh,
        http,
        tracing,
        spark);
  }

  /**
   * Returns the same settings, with requests to a server that embeds repeated no longer than that.
   */
  public Settings withEmbeddingRetriedFor(Duration longest) {
    RemoteEmbedding remote = embedding.remote;
    if (!embedding.asksServer()) {
      return this;
    }
    return withModel(
        embedding.with(remote.retriedFor(shorter(remote.retryFor(), longest))),
        qdrant.collections.products,
        qdrant.collections.users);
  }

  private Settings with(Kafka kafka, Qdrant qdrant, Spark spark) {
    return new Settings(
        kafka, stream, qdrant, events, embedding, interest, recommend, fresh, http, tracing, spark);
  }

  /**
   * Returns the same settings with keys and passwords, the authorities' certificates and Spark's
   * secret in place of the names of their files, which other machines may not have.
   *
   * @throws SettingsException when a file cannot be read or does not hold what is expected
   */
  public Settings withFilesRead() {
    Qdrant read =
        new Qdrant(
            qdrant.host,
            qdrant.port,
            qdrant.addresses,
            qdrant.tls,
            qdrant.resolvedCaCertificate(),
            qdrant.resolvedApiKey(),
            qdrant.apiKeyFile,
            qdrant.allowPlaintextKey,
            qdrant.timeout,
            qdrant.connectTimeout,
            qdrant.upsertBatch,
            qdrant.upsertsInFlight,
            qdrant.retryFor,
            qdrant.replication,
            qdrant.layout,
            qdrant.words,
            qdrant.collections);
    return new Settings(
        kafka.withFilesRead(),
        stream,
        read,
        events,
        embedding.withApiKey(embedding.remote.resolvedApiKey()),
        interest,
        recommend,
        fresh,
        http,
        tracing.withFilesRead(),
        spark.withFilesRead());
  }

  public record Collections(
      @NotBlank(message = "must name a collection") String products,
      @NotBlank(message = "must name a collection") String events,
      @NotBlank(message = "must name a collection") String users,
      @NotBlank(message = "must name a collection") String activity,
      @NotBlank(message = "must name a collection") String pairs,
      @NotBlank(message = "must name a collection") String state,
      @NotNull String forgottenFrom)
      implements Serializable {

    /** Returns the names of all collections. */
    public List<String> names() {
      return List.of(products, events, users, activity, pairs, state);
    }

    /** Returns the same with other collections of what has vectors. */
    public Collections withVectors(String products, String users) {
      return new Collections(products, events, users, activity, pairs, state, forgottenFrom);
    }

    /** Returns further collections of users, whose forgotten users are forgotten here, too. */
    public List<String> forgottenElsewhere() {
      return Arrays.stream(forgottenFrom.split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }

  /**
   * @param retention zero for ever
   */
  public record Events(boolean vectors, @NotNull Duration retention) implements Serializable {

    /** Returns whether events are kept for ever. */
    public boolean areKept() {
      return retention.isZero();
    }
  }

  public record Embedding(
      @NotBlank(message = "must be: bundled, remote, a folder with a model, or a model's URL")
          String model,
      @Pattern(
              regexp = "|[0-9a-fA-F]{64}",
              message = "must be a SHA-256 in 64 hexadecimal digits, or empty")
          String modelSha256,
      @NotNull Engine engine,
      @NotNull Device device,
      @NotNull Precision precision,
      @NotNull SearchPrecision searchPrecision,
      @Min(1) @Max(1024) int batchSize,
      @Min(0) @Max(32_768) int maxTokens,
      @Min(0) @Max(1024) int threads,
      @Min(1) int cacheEntries,
      @Pattern(regexp = "auto|" + POOLING + "(," + POOLING + ")*", message = POOLING_EXPECTED)
          String pooling,
      @NotNull String queryPrompt,
      @NotNull String documentPrompt,
      @Min(0) @Max(65_536) int dimensions,
      @NotNull @Valid RemoteEmbedding remote)
      implements Serializable {

    /** The value that leaves the pooling, or a prompt, to the model's own files. */
    public static final String AUTO = "auto";

    /** The model within the program. */
    public static final String BUNDLED = "bundled";

    /** The model that is a server ({@link RemoteEmbedding}). */
    public static final String REMOTE = "remote";

    private static final String POOLING =
        "(cls|max|mean|mean_sqrt_len_tokens|weightedmean|lasttoken)";
    private static final String POOLING_EXPECTED =
        "must be auto, cls, max, mean, mean_sqrt_len_tokens, weightedmean or lasttoken, or several"
            + " of them with commas between";

    /** Returns whether a server embeds, and no model of this process. */
    public boolean asksServer() {
      return model.equals(REMOTE);
    }

    /** Returns the same with another key for the server that embeds. */
    public Embedding withApiKey(Secret key) {
      return with(remote.withApiKey(key));
    }

    private Embedding with(RemoteEmbedding other) {
      return new Embedding(
          model,
          modelSha256,
          engine,
          device,
          precision,
          searchPrecision,
          batchSize,
          maxTokens,
          threads,
          cacheEntries,
          pooling,
          queryPrompt,
          documentPrompt,
          dimensions,
          other);
    }

    /** Returns the same with another model. */
    public Embedding withModel(String other) {
      return new Embedding(
          other,
          modelSha256,
          engine,
          device,
          precision,
          searchPrecision,
          batchSize,
          maxTokens,
          threads,
          cacheEntries,
          pooling,
          queryPrompt,
          documentPrompt,
          dimensions,
          remote);
    }

    /** Returns the same model in int8 on the CPU, where the calling thread computes each text. */
    public Embedding inInt8() {
      return new Embedding(
          model,
          modelSha256,
          engine,
          Device.CPU,
          Precision.INT8,
          searchPrecision,
          batchSize,
          maxTokens,
          1,
          cacheEntries,
          pooling,
          queryPrompt,
          documentPrompt,
          dimensions,
          remote);
    }
  }

  /** The engine that computes embeddings. */
  public enum Engine {
    AUTO,
    ONNXRUNTIME,
    PYTORCH
  }

  /** The device that computes embeddings. */
  public enum Device {
    AUTO,
    CPU,
    GPU
  }

  /** The precision of embeddings. */
  public enum Precision {
    /** {@link #BF16} on a CPU that has it if the model can be used in it, else {@link #FP32}. */
    AUTO,
    FP32,
    FP16,
    /** On a CPU that has it, and by PyTorch. */
    BF16,
    INT8
  }

  /** The precision of the embedding of a user's search. */
  public enum SearchPrecision {
    /**
     * {@link #INT8} beside products on the CPU if the model can be used in int8, else {@link
     * #SAME}.
     */
    AUTO,
    /** The same as for products. */
    SAME,
    /** Int8 on the CPU, whatever engine computes products. */
    INT8
  }

  public record Interest(
      @NotNull @PositiveDuration Duration halfLife,
      @NotNull @Valid Weights weights,
      @Min(1) @Max(1000) int lastProducts,
      @Min(1) @Max(1000) int textsPerProduct,
      @Min(1) @Max(100_000) int pendingTexts,
      @NotNull @Valid Pairs pairs)
      implements Serializable {

    /** Returns the same with another bound of a product's texts. */
    public Interest withTextsPerProduct(int most) {
      return new Interest(halfLife, weights, lastProducts, most, pendingTexts, pairs);
    }
  }

  /**
   * The settings for products that the same users turn to.
   *
   * @param partners of a product that are kept; 0 counts no pairs
   */
  public record Pairs(@Min(0) @Max(200) int partners, @NotNull @PositiveDuration Duration halfLife)
      implements Serializable {

    public boolean areCounted() {
      return partners > 0;
    }
  }

  /** The weights that actions add to a user's interest; a negative weight subtracts. */
  public record Weights(
      @Range(min = -100, max = 100, message = WEIGHT) double purchase,
      @Range(min = -100, max = 100, message = WEIGHT) double addToCart,
      @Range(min = -100, max = 100, message = WEIGHT) double wishlistAdd,
      @Range(min = -100, max = 100, message = WEIGHT) double view,
      @Range(min = -100, max = 100, message = WEIGHT) double search,
      @Range(min = -100, max = 100, message = WEIGHT) double removeFromCart)
      implements Serializable {

    private static final String WEIGHT = "must be a number from -100 to 100";
  }

  public record Recommend(
      @Range(min = 0, max = 1, message = SHARE) double diversity,
      @Range(min = 0, max = 1, message = SHARE) double popularity,
      @Range(min = 0, max = 10, message = "must be a number from 0 to 10") double pairs)
      implements Serializable {

    private static final String SHARE = "must be a number from 0 to 1";
  }

  /**
   * The settings for events that no batch has merged yet.
   *
   * @param maxEvents that are held in memory
   */
  public record Fresh(boolean enabled, @Min(1_000) @Max(10_000_000) int maxEvents)
      implements Serializable {}

  /** The settings of the HTTP API. */
  public record Http(
      boolean enabled,
      @NotBlank(message = "must name a host or an address to listen on") String host,
      @Min(0) @Max(65_535) int port,
      @NotNull Secret token,
      @NotNull String tokenFile,
      @NotNull Secret readToken,
      @NotNull String readTokenFile,
      @Min(1) @Max(10_000) int maxConcurrent,
      @NotNull @PositiveDuration Duration timeout,
      @Min(10) @Max(100_000) int maxConnections,
      @NotNull @PositiveDuration Duration clientTimeout,
      @NotNull String trustedProxies)
      implements Serializable {

    /**
     * Returns the token for reading and changing, given directly or by its file; empty when there
     * is neither.
     *
     * @throws SettingsException when the file cannot be read or is empty, or the token is too short
     *     or not valid in a header
     */
    public Secret resolvedToken() {
      return resolved(token, "http.token", tokenFile);
    }

    /** Returns the token for reading only, in the same way. */
    public Secret resolvedReadToken() {
      return resolved(readToken, "http.read_token", readTokenFile);
    }

    private static Secret resolved(Secret given, String setting, String file) {
      Secret resolved = SecretFile.orElse(given, setting + "_file", file);
      String source = given.isEmpty() ? setting + "_file" : setting;
      if (!resolved.value().matches("[!-~]*")) {
        throw new SettingsException(
            List.of(
                source
                    + ": the token has characters that a header cannot carry; expected visible"
                    + " ASCII without blanks"));
      }
      resolved.requireLength(source, "the token");
      return resolved;
    }
  }

  public record Spark(
      @NotNull String master,
      @NotBlank(message = "must name the application") String appName,
      @NotNull Rapids rapids,
      @NotNull Secret secret,
      @NotNull String secretFile,
      boolean allowUnauthenticated,
      @NotNull Map<String, String> properties)
      implements Serializable {

    public Spark {
      properties = Map.copyOf(properties);
      Redaction.remember(properties);
    }

    private Spark withFilesRead() {
      Secret resolved = SecretFile.orElse(secret, "spark.secret_file", secretFile);
      resolved.requireLength(secret.isEmpty() ? "spark.secret_file" : "spark.secret", "the secret");
      return new Spark(
          master, appName, rapids, resolved, secretFile, allowUnauthenticated, properties);
    }

    @Override
    public String toString() {
      return ("Spark[master=%s, appName=%s, rapids=%s, secret=%s, secretFile=%s,"
              + " allowUnauthenticated=%s, properties=%s]")
          .formatted(
              master,
              appName,
              rapids,
              secret,
              secretFile,
              allowUnauthenticated,
              Redaction.redact(properties));
    }
  }

  /** The use of the RAPIDS Accelerator for Spark's plans. */
  public enum Rapids {
    /** The accelerator is not loaded. */
    OFF,
    /** It reports what it would run on a GPU, and why not the rest; everything runs on the CPU. */
    EXPLAIN,
    /** It runs on a GPU what it can. */
    ON
  }
}
