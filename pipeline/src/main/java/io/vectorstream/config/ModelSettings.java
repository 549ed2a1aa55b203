package io.vectorstream.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings that belong to a model: which one it is, and what is said about it. Engine, device,
 * precision, threads and sizes belong to a machine, and are not among them; neither are secrets.
 */
public final class ModelSettings {

  public static final String MODEL = "embedding.model";

  private static final String MAX_TOKENS = "embedding.max_tokens";
  private static final String POOLING = "embedding.pooling";
  private static final String QUERY_PROMPT = "embedding.query_prompt";
  private static final String DOCUMENT_PROMPT = "embedding.document_prompt";
  private static final String DIMENSIONS = "embedding.dimensions";
  private static final String SHA256 = "embedding.model_sha256";
  private static final String URL = "embedding.remote.url";
  private static final String API = "embedding.remote.api";
  private static final String REMOTE_MODEL = "embedding.remote.model";
  private static final String KEY_FILE = "embedding.remote.api_key_file";
  private static final String PLAINTEXT = "embedding.remote.allow_plaintext_key";

  /** The values that leave everything to the model's own files; of a server nothing is left. */
  public static final Map<String, String> OF_THE_FILES =
      Map.of(
          SHA256,
          "",
          MAX_TOKENS,
          "0",
          POOLING,
          Settings.Embedding.AUTO,
          QUERY_PROMPT,
          Settings.Embedding.AUTO,
          DOCUMENT_PROMPT,
          Settings.Embedding.AUTO,
          DIMENSIONS,
          "0");

  private ModelSettings() {}

  /** Returns the settings by their names, in the order of the settings file. */
  public static Map<String, String> of(Settings.Embedding embedding) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(MODEL, embedding.model());
    values.put(SHA256, embedding.modelSha256());
    values.put(MAX_TOKENS, Integer.toString(embedding.maxTokens()));
    values.put(POOLING, embedding.pooling());
    values.put(QUERY_PROMPT, embedding.queryPrompt());
    values.put(DOCUMENT_PROMPT, embedding.documentPrompt());
    values.put(DIMENSIONS, Integer.toString(embedding.dimensions()));
    if (embedding.asksServer()) {
      RemoteEmbedding remote = embedding.remote();
      values.put(URL, remote.url());
      values.put(API, remote.api().name().toLowerCase(Locale.ROOT));
      values.put(REMOTE_MODEL, remote.model());
      values.put(KEY_FILE, remote.apiKeyFile());
      values.put(PLAINTEXT, Boolean.toString(remote.allowPlaintextKey()));
    }
    return values;
  }

  /**
   * Returns the settings of a machine with those of another model. A key is kept for the server
   * that it was given for, and for no other.
   */
  public static Settings.Embedding apply(Map<String, String> values, Settings.Embedding machine) {
    RemoteEmbedding remote = machine.remote();
    String url = values.getOrDefault(URL, remote.url());
    String keyFile = values.getOrDefault(KEY_FILE, remote.apiKeyFile());
    boolean sameServer = url.equals(remote.url()) && keyFile.equals(remote.apiKeyFile());
    return new Settings.Embedding(
        values.getOrDefault(MODEL, machine.model()),
        values.getOrDefault(SHA256, machine.modelSha256()),
        machine.engine(),
        machine.device(),
        machine.precision(),
        machine.searchPrecision(),
        machine.batchSize(),
        Integer.parseInt(values.getOrDefault(MAX_TOKENS, "0")),
        machine.threads(),
        machine.cacheEntries(),
        values.getOrDefault(POOLING, Settings.Embedding.AUTO),
        values.getOrDefault(QUERY_PROMPT, Settings.Embedding.AUTO),
        values.getOrDefault(DOCUMENT_PROMPT, Settings.Embedding.AUTO),
        Integer.parseInt(values.getOrDefault(DIMENSIONS, "0")),
        new RemoteEmbedding(
            url,
            RemoteEmbedding.Api.valueOf(
                values.getOrDefault(API, remote.api().name()).toUpperCase(Locale.ROOT)),
            values.getOrDefault(REMOTE_MODEL, remote.model()),
            sameServer ? remote.apiKey() : new Secret(""),
            keyFile,
            Boolean.parseBoolean(
                values.getOrDefault(PLAINTEXT, Boolean.toString(remote.allowPlaintextKey()))),
            remote.timeout(),
            remote.retryFor(),
            remote.batchSize(),
            remote.requests()));
  }

  /** Returns those of a model's settings that differ from the present ones, by their names. */
  public static Map<String, String> differing(
      Map<String, String> ofModel, Map<String, String> present) {
    Map<String, String> differing = new LinkedHashMap<>();
    new TreeMap<>(ofModel)
        .forEach(
            (name, value) -> {
              if (!value.equals(present.get(name))) {
                differing.put(name, value);
              }
            });
    return differing;
  }
}
