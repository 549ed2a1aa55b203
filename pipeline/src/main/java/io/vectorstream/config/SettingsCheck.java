package io.vectorstream.config;

import io.vectorstream.config.GivenValues.Given;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/** The check of values against their limits, which the records declare, and against each other. */
final class SettingsCheck {
  private SettingsCheck() {}

  static void check(Settings settings, GivenValues given) {
    // The root locale: messages are in English whatever the machine's language. No expression
    // language, which would need one more library.
    try (ValidatorFactory factory =
        Validation.byProvider(HibernateValidator.class)
            .configure()
            .ignoreXmlConfiguration()
            .messageInterpolator(
                new ParameterMessageInterpolator(Set.of(Locale.ROOT), Locale.ROOT, false))
            .buildValidatorFactory()) {
      checkLimits(settings, factory.getValidator(), given);
    }
    checkTopics(settings.kafka(), given);
    checkCollections(settings.qdrant().collections(), given);
    checkKafkaNames(given);
    checkTls(settings.qdrant(), given);
    checkModel(settings.embedding().model(), given);
    checkPrecision(settings.embedding(), given);
    checkListening(settings.http(), given);
    checkProxies(settings.http().trustedProxies(), given);
    checkSparkNames(settings.spark().properties(), given);
  }

  private static void checkLimits(Settings settings, Validator validator, GivenValues given) {
    validator.validate(settings).stream()
        .sorted(Comparator.comparing(violation -> violation.getPropertyPath().toString()))
        .forEach(
            violation -> given.problem(sourceOf(violation, given), sentence(violation, given)));
  }

  private static String sourceOf(ConstraintViolation<?> violation, GivenValues given) {
    Given value = given.get(nameOf(violation));
    return value == null ? "defaults" : value.source();
  }

  private static String sentence(ConstraintViolation<?> violation, GivenValues given) {
    String setting = nameOf(violation);
    Given value = given.get(setting);
    String text = value == null ? String.valueOf(violation.getInvalidValue()) : value.text();
    return setting + ": '" + text + "' " + violation.getMessage();
  }

  private static String nameOf(ConstraintViolation<?> violation) {
    return StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
        .map(Path.Node::getName)
        .map(SettingNames::snakeCase)
        .collect(Collectors.joining("."));
  }

  private static void checkTopics(Settings.Kafka kafka, GivenValues given) {
    // Dead letters written to the topic of events would be read again for ever.
    if (kafka.deadLetterTopic().equals(kafka.topic())) {
      problem(
          "kafka.dead_letter_topic",
          "'" + kafka.topic() + "' must be another topic than kafka.topic",
          given);
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
        problem(
            entry.getKey(),
            "'" + entry.getValue() + "' must be another collection than " + other,
            given);
      }
    }
  }

  private static void checkProxies(String proxies, GivenValues given) {
    try {
      AddressRanges.parse(proxies);
    } catch (IllegalArgumentException e) {
      problem(
          "http.trusted_proxies",
          e.getMessage() + "; expected such as 10.1.2.3, 10.8.0.0/16, ::1",
          given);
    }
  }

  private static void checkKafkaNames(GivenValues given) {
    if (given.entries(KafkaPropertiesFile.PROPERTIES).containsKey(KafkaPropertiesFile.BOOTSTRAP)) {
      given.problem(
          given.entrySource(KafkaPropertiesFile.PROPERTIES, KafkaPropertiesFile.BOOTSTRAP),
          "kafka.properties: bootstrap.servers has a setting of its own, kafka.bootstrap_servers");
    }
  }

  private static void checkTls(Settings.Qdrant qdrant, GivenValues given) {
    if (!qdrant.tls() && !qdrant.caCertificate().isEmpty()) {
      problem("qdrant.ca_certificate", "is for TLS only; expected qdrant.tls: true with it", given);
    }
  }

  private static void checkModel(String model, GivenValues given) {
    boolean isUrl = model.matches("(djl|https?|s3|gs|hdfs)://.+|(file|jar):.+");
    // A blank one is refused by its limits.
    if (!model.isBlank() && !model.equals("bundled") && !isUrl && !isFolder(model)) {
      problem(
          "embedding.model",
          "'"
              + model
              + "' is not a folder; expected bundled, a folder with a model, or a model's URL"
              + " such as djl://…, https://… or file:…",
          given);
    }
  }

  private static boolean isFolder(String path) {
    try {
      return Files.isDirectory(java.nio.file.Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static void checkPrecision(Settings.Embedding embedding, GivenValues given) {
    if (embedding.searchPrecision() == Settings.SearchPrecision.INT8
        && embedding.engine() == Settings.Engine.PYTORCH) {
      problem(
          "embedding.search_precision",
          "int8 cannot be computed by pytorch; expected embedding.engine: onnxruntime or auto with"
              + " it, or auto or same",
          given);
    }
    if (embedding.precision() != Settings.Precision.INT8) {
      return;
    }
    if (embedding.engine() == Settings.Engine.PYTORCH) {
      problem(
          "embedding.precision",
          "int8 cannot be computed by pytorch; expected embedding.engine: onnxruntime or auto with"
              + " it, or fp32 or fp16",
          given);
    }
    if (embedding.device() == Settings.Device.GPU) {
      problem(
          "embedding.precision",
          "int8 is for the CPU; expected fp16 or fp32 with embedding.device: gpu",
          given);
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
      problem(
          "http.host",
          "'"
              + http.host()
              + "' can be reached from other machines, and there is no token; expected http.token"
              + " or http.token_file with it, or http.host: 127.0.0.1",
          given);
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

  private static void problem(String setting, String what, GivenValues given) {
    Given value = given.get(setting);
    given.problem(value == null ? "defaults" : value.source(), setting + ": " + what);
  }
}
