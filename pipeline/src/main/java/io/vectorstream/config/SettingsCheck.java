package io.vectorstream.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The check of settings against each other; their limits are declared by {@link Settings}. */
final class SettingsCheck {
  /** The least that a text is cut to: a few words between the special tokens. */
  private static final int FEWEST_TOKENS = 8;

  private SettingsCheck() {}

  static void check(Settings settings, GivenValues given) {
    checkTopics(settings.kafka(), given);
    checkCollections(settings.qdrant().collections(), given);
    checkKafkaNames(given);
    checkRegistry(settings.kafka(), given);
    checkTls(settings.qdrant(), given);
    checkModel(settings.embedding().model(), given);
    checkPrecision(settings.embedding(), given);
    checkTokens(settings.embedding(), given);
    checkRemote(settings.embedding(), given);
    checkListening(settings.http(), given);
    checkProxies(settings.http().trustedProxies(), given);
    checkTracing(settings.tracing(), given);
    checkSparkNames(settings.spark().properties(), given);
  }

  private static void checkTopics(Settings.Kafka kafka, GivenValues given) {
    // Dead letters written to the topic of events would be read again for ever.
    if (kafka.deadLetterTopic().equals(kafka.topic())) {
      given.wrong(
          "kafka.dead_letter_topic",
          "'" + kafka.topic() + "' must be another topic than kafka.topic");
    }
    if (kafka.hasProducts()
        && Set.of(kafka.topic(), kafka.deadLetterTopic()).contains(kafka.productsTopic())) {
      given.wrong(
          "kafka.products_topic",
          "'"
              + kafka.productsTopic()
              + "' must be another topic than kafka.topic and kafka.dead_letter_topic");
    }
  }

  private static void checkCollections(Settings.Collections collections, GivenValues given) {
    Map<String, String> settingByCollection = new HashMap<>();
    for (Map.Entry<String, String> entry :
        List.of(
            Map.entry("qdrant.collections.products", collections.products()),
            Map.entry("qdrant.collections.events", collections.events()),
            Map.entry("qdrant.collections.users", collections.users()))) {
      String other = settingByCollection.putIfAbsent(entry.getValue(), entry.getKey());
      if (other != null) {
        given.wrong(
            entry.getKey(), "'" + entry.getValue() + "' must be another collection than " + other);
      }
    }
  }

  private static void checkProxies(String proxies, GivenValues given) {
    try {
      AddressRanges.parse(proxies);
    } catch (IllegalArgumentException e) {
      given.wrong(
          "http.trusted_proxies", e.getMessage() + "; expected such as 10.1.2.3, 10.8.0.0/16, ::1");
    }
  }

  private static void checkKafkaNames(GivenValues given) {
    if (given.entries(KafkaPropertiesFile.PROPERTIES).containsKey(KafkaPropertiesFile.BOOTSTRAP)) {
      given.problem(
          given.entrySource(KafkaPropertiesFile.PROPERTIES, KafkaPropertiesFile.BOOTSTRAP),
          "kafka.properties: bootstrap.servers has a setting of its own, kafka.bootstrap_servers");
    }
  }

  private static void checkRegistry(Settings.Kafka kafka, GivenValues given) {
    Registry registry = kafka.registry();
    if (registry.exists() && kafka.format() == Settings.Format.JSON) {
      given.wrong(
          "kafka.registry.url", "is not asked with kafka.format: json; expected auto with it");
    }
    if (!registry.caCertificate().isEmpty() && !registry.url().contains("https://")) {
      given.wrong(
          "kafka.registry.ca_certificate",
          "is for TLS only; expected https:// in kafka.registry.url with it");
    }
  }

  private static void checkTls(Settings.Qdrant qdrant, GivenValues given) {
    if (!qdrant.tls() && !qdrant.caCertificate().isEmpty()) {
      given.wrong("qdrant.ca_certificate", "is for TLS only; expected qdrant.tls: true with it");
    }
  }

  private static void checkModel(String model, GivenValues given) {
    boolean isUrl = model.matches("(djl|https?|s3|gs|hdfs)://.+|(file|jar):.+");
    // A blank one is refused by its limits.
    if (!model.isBlank()
        && !model.equals(Settings.Embedding.BUNDLED)
        && !model.equals(Settings.Embedding.REMOTE)
        && !isUrl
        && !isFolder(model)) {
      given.wrong(
          "embedding.model",
          "'"
              + model
              + "' is not a folder; expected bundled, remote, a folder with a model, or a model's URL"
              + " such as djl://…, https://… or file:…");
    }
  }

  private static boolean isFolder(String path) {
    try {
      return Files.isDirectory(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static void checkTokens(Settings.Embedding embedding, GivenValues given) {
    if (embedding.maxTokens() > 0 && embedding.maxTokens() < FEWEST_TOKENS) {
      given.wrong(
          "embedding.max_tokens",
          "%d is too few; expected %d or more, or 0 for as many as the model reads"
              .formatted(embedding.maxTokens(), FEWEST_TOKENS));
    }
  }

  private static void checkRemote(Settings.Embedding embedding, GivenValues given) {
    RemoteEmbedding remote = embedding.remote();
    if (!embedding.asksServer()) {
      return;
    }
    // A URL of another form is refused by its limits.
    if (remote.url().isEmpty()) {
      given.wrong(
          "embedding.remote.url",
          "is empty, and embedding.model is remote; expected the address of the endpoint, such as"
              + " https://host/v1/embeddings");
    } else if (!isAddress(remote.url())) {
      given.wrong(
          "embedding.remote.url",
          "'"
              + Redaction.mask(remote.url())
              + "' is not an address; expected https://host/path, and a key in"
              + " embedding.remote.api_key alone");
    } else if (remote.model().isBlank()) {
      given.wrong(
          "embedding.remote.model",
          "is empty; expected the name of the server's model, which goes with its vectors");
    }
    if (!embedding.pooling().equals(Settings.Embedding.AUTO)) {
      given.wrong(
          "embedding.pooling", "is the server's own with embedding.model: remote; expected auto");
    }
  }

  private static boolean isAddress(String url) {
    try {
      URI address = URI.create(url);
      return address.getHost() != null && address.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void checkPrecision(Settings.Embedding embedding, GivenValues given) {
    if (embedding.searchPrecision() == Settings.SearchPrecision.INT8
        && embedding.engine() == Settings.Engine.PYTORCH) {
      given.wrong(
          "embedding.search_precision",
          "int8 cannot be computed by pytorch; expected embedding.engine: onnxruntime or auto with"
              + " it, or auto or same");
    }
    if (embedding.precision() == Settings.Precision.BF16) {
      checkBf16(embedding, given);
    }
    if (embedding.precision() != Settings.Precision.INT8) {
      return;
    }
    if (embedding.engine() == Settings.Engine.PYTORCH) {
      given.wrong(
          "embedding.precision",
          "int8 cannot be computed by pytorch; expected embedding.engine: onnxruntime or auto with"
              + " it, or fp32 or fp16");
    }
    if (embedding.device() == Settings.Device.GPU) {
      given.wrong(
          "embedding.precision",
          "int8 is for the CPU; expected fp16 or fp32 with embedding.device: gpu");
    }
  }

  private static void checkBf16(Settings.Embedding embedding, GivenValues given) {
    if (embedding.engine() == Settings.Engine.ONNXRUNTIME) {
      given.wrong(
          "embedding.precision",
          "bf16 cannot be computed by onnxruntime; expected embedding.engine: pytorch or auto with"
              + " it, or fp32, fp16 or int8");
    }
    if (embedding.device() == Settings.Device.GPU) {
      given.wrong(
          "embedding.precision",
          "bf16 is for the CPU; expected fp16 or fp32 with embedding.device: gpu");
    }
  }

  private static void checkListening(Settings.Http http, GivenValues given) {
    // A blank host is refused by its limits.
    if (!http.host().isBlank()
        && !ListenAddress.isLoopback(http.host())
        && http.token().isEmpty()
        && http.tokenFile().isEmpty()
        && http.readToken().isEmpty()
        && http.readTokenFile().isEmpty()) {
      given.wrong(
          "http.host",
          "'"
              + http.host()
              + "' can be reached from other machines, and there is no token; expected http.token"
              + " or http.token_file with it, or http.host: 127.0.0.1");
    }
  }

  private static void checkTracing(Tracing tracing, GivenValues given) {
    // An endpoint of another form is refused by its limits.
    if (tracing.otlpEndpoint().startsWith("http") && !isAddress(tracing.otlpEndpoint())) {
      given.wrong(
          "tracing.otlp_endpoint",
          "'"
              + Redaction.mask(tracing.otlpEndpoint())
              + "' is not an address; expected such as http://localhost:4318, and a token in"
              + " tracing.otlp_authorization alone");
    }
    if (tracing.otlpEndpoint().isEmpty()
        && !(tracing.otlpAuthorization().isEmpty() && tracing.otlpAuthorizationFile().isEmpty())) {
      given.wrong(
          "tracing.otlp_endpoint", "is empty, and there is an authorization; expected its address");
    }
  }

  private static void checkSparkNames(Map<String, String> properties, GivenValues given) {
    for (String name : properties.keySet()) {
      if (!name.startsWith("spark.")) {
        given.problem(
            given.entrySource("spark.properties", name),
            "spark.properties: '" + name + "' is not a Spark setting; they start with spark.");
      }
    }
  }
}
