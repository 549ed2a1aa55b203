package io.vectorstream.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * Every setting of the pipeline, typed and checked. The names in a file are these in snake case;
 * their defaults and their description are in {@code config/vectorstream.yaml}, and nowhere else.
 */
public record Settings(
    @NotNull @Valid Kafka kafka,
    @NotNull @Valid Stream stream,
    @NotNull @Valid Qdrant qdrant,
    @NotNull @Valid Events events,
    @NotNull @Valid Embedding embedding,
    @NotNull @Valid Interest interest,
    @NotNull @Valid Spark spark)
    implements Serializable {

  public record Kafka(
      @Pattern(
              regexp = HOST_PORTS,
              message = "must be host:port, or several of them with commas between")
          String bootstrapServers,
      @Pattern(regexp = TOPIC, message = TOPIC_EXPECTED) String topic,
      @Pattern(regexp = "|" + TOPIC, message = TOPIC_EXPECTED) String deadLetterTopic,
      @NotNull StartingOffsets startingOffsets,
      @Min(1) @Max(10_000) int partitions,
      @NotNull @PositiveDuration Duration connectTimeout,
      @NotNull Map<String, String> properties)
      implements Serializable {

    private static final String HOST_PORTS = "[^,:\\s]+:\\d{1,5}(\\s*,\\s*[^,:\\s]+:\\d{1,5})*";
    private static final String TOPIC = "[a-zA-Z0-9._-]{1,249}";
    private static final String TOPIC_EXPECTED =
        "must be a Kafka topic's name: up to 249 letters, digits, dots, underscores and dashes";

    /** The dead-letter topic with its default filled in. */
    @Override
    public String deadLetterTopic() {
      return deadLetterTopic.isEmpty() ? topic + "-dead-letter" : deadLetterTopic;
    }
  }

  public enum StartingOffsets {
    EARLIEST,
    LATEST
  }

  public record Stream(
      @NotNull @PositiveDuration Duration trigger,
      @NotBlank(message = "must name a folder") String checkpoint,
      @Min(1) long maxEventsPerBatch,
      @Min(0) @Max(10_000) int tasks)
      implements Serializable {}

  public record Qdrant(
      @NotBlank(message = "must name a host") String host,
      @Min(1) @Max(65_535) int port,
      boolean tls,
      @NotNull Secret apiKey,
      @NotNull String apiKeyFile,
      @NotNull @PositiveDuration Duration timeout,
      @NotNull @PositiveDuration Duration connectTimeout,
      @Min(1) @Max(10_000) int upsertBatch,
      @Min(1) @Max(64) int upsertsInFlight,
      @Min(1) @Max(100) int attempts,
      @NotNull @Valid Collections collections)
      implements Serializable {}

  public record Collections(
      @NotBlank(message = "must name a collection") String products,
      @NotBlank(message = "must name a collection") String events,
      @NotBlank(message = "must name a collection") String users)
      implements Serializable {}

  public record Events(boolean vectors) implements Serializable {}

  public record Embedding(
      @Pattern(regexp = "bundled", message = "must be: bundled") String model,
      @Min(1) @Max(1024) int batchSize,
      @Min(8) @Max(512) int maxTokens,
      @Min(0) @Max(1024) int threads,
      @Min(1) int cacheEntries)
      implements Serializable {}

  public record Interest(
      @NotNull @PositiveDuration Duration halfLife,
      @NotNull @Valid Weights weights,
      @Min(1) @Max(1000) int lastProducts)
      implements Serializable {}

  /** What one action adds to a user's interest; negative takes away. */
  public record Weights(
      @DecimalMin("-100") @DecimalMax("100") double purchase,
      @DecimalMin("-100") @DecimalMax("100") double addToCart,
      @DecimalMin("-100") @DecimalMax("100") double wishlistAdd,
      @DecimalMin("-100") @DecimalMax("100") double view,
      @DecimalMin("-100") @DecimalMax("100") double search,
      @DecimalMin("-100") @DecimalMax("100") double removeFromCart)
      implements Serializable {}

  public record Spark(
      @NotNull String master,
      @NotBlank(message = "must name the application") String appName,
      @NotNull Map<String, String> properties)
      implements Serializable {}
}
