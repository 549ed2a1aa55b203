package io.vectorstream.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;

/**
 * A server that embeds texts, for {@code embedding.model: remote}.
 *
 * @param url of the endpoint itself, such as {@code https://host/v1/embeddings}
 * @param model the name of the model, which the server gets, or which goes with its vectors
 * @param apiKey sent as a bearer token; empty for none
 * @param apiKeyFile the file that holds the key
 * @param allowPlaintextKey whether a key may cross a network without TLS
 * @param timeout of one request
 * @param retryFor how long a request that fails in passing is repeated
 * @param batchSize texts of one request, at most
 * @param requests sent at the same time, at most
 */
public record RemoteEmbedding(
    @Pattern(
            regexp = "|https?://[^\\s/]+.*",
            message = "must be an address with https:// or http://")
        String url,
    @NotNull Api api,
    @NotNull String model,
    @NotNull Secret apiKey,
    @NotNull String apiKeyFile,
    boolean allowPlaintextKey,
    @NotNull @PositiveDuration Duration timeout,
    @NotNull @PositiveDuration Duration retryFor,
    @Min(1) @Max(4096) int batchSize,
    @Min(1) @Max(64) int requests)
    implements Serializable {

  /** The form of requests and answers. */
  public enum Api {
    /** {@link #TEI} for a URL that ends in {@code /embed}, {@link #OPENAI} for others. */
    AUTO,
    /** OpenAI's, which many servers have: {@code {"model": …, "input": […]}}. */
    OPENAI,
    /** That of text-embeddings-inference: {@code {"inputs": […]}}. */
    TEI
  }

  /** Returns the form of requests, with {@link Api#AUTO} decided. */
  public Api form() {
    if (api != Api.AUTO) {
      return api;
    }
    return URI.create(url).getPath().endsWith("/embed") ? Api.TEI : Api.OPENAI;
  }

  /** Returns the same with another key. */
  public RemoteEmbedding withApiKey(Secret key) {
    return with(key, retryFor);
  }

  RemoteEmbedding retriedFor(Duration longest) {
    return with(apiKey, longest);
  }

  private RemoteEmbedding with(Secret key, Duration longest) {
    return new RemoteEmbedding(
        url, api, model, key, apiKeyFile, allowPlaintextKey, timeout, longest, batchSize, requests);
  }

  /**
   * Returns the API key, given directly or by its file; empty when there is neither.
   *
   * @throws SettingsException when the file cannot be read or is empty
   */
  public Secret resolvedApiKey() {
    return SecretFile.orElse(apiKey, "embedding.remote.api_key_file", apiKeyFile);
  }

  /** Returns whether a key would cross a network for all to read. */
  boolean exposesKey() {
    URI address = URI.create(url);
    return !allowPlaintextKey
        && !(apiKey.isEmpty() && apiKeyFile.isEmpty())
        && "http".equalsIgnoreCase(address.getScheme())
        && !ListenAddress.isLoopback(address.getHost());
  }
}
