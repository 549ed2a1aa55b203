package io.vectorstream.config;

import java.util.ArrayList;
import java.util.List;

/** The warnings about secrets that would cross a network unencrypted. */
final class PlaintextSecrets {
  private static final String PROTOCOL = "security.protocol";

  private PlaintextSecrets() {}

  /** Returns a sentence with a remedy for each; connections within this machine are left out. */
  static List<String> warnings(Settings settings) {
    List<String> warnings = new ArrayList<>();
    Settings.Qdrant qdrant = settings.qdrant();
    boolean hasKey = !qdrant.apiKey().isEmpty() || !qdrant.apiKeyFile().isEmpty();
    if (hasKey && !qdrant.tls() && !qdrant.allowPlaintextKey() && leaves(qdrant.nodes())) {
      warnings.add(
          "the API key of Qdrant crosses the network to %s for all to read; expected qdrant.tls: true, or qdrant.allow_plaintext_key: true where nobody else is on that network"
              .formatted(qdrant.address()));
    }
    Settings.Kafka kafka = settings.kafka();
    if ("SASL_PLAINTEXT".equalsIgnoreCase(kafka.properties().get(PROTOCOL))
        && leaves(HostPort.list(kafka.bootstrapServers()))) {
      warnings.add(
          "the login to Kafka at %s crosses the network without TLS; expected kafka.properties.security.protocol: SASL_SSL"
              .formatted(kafka.bootstrapServers()));
    }
    if (settings.embedding().asksServer() && settings.embedding().remote().exposesKey()) {
      warnings.add(
          "the API key of the embedding server crosses the network to %s for all to read; expected https://, or embedding.remote.allow_plaintext_key: true where nobody else is on that network"
              .formatted(settings.embedding().remote().url()));
    }
    if (kafka.registry().showsPassword()) {
      warnings.add(
          "the password of the schema registry crosses the network to %s for all to read; expected https:// in kafka.registry.url"
              .formatted(kafka.registry().url()));
    }
    if (settings.tracing().exposesAuthorization()) {
      warnings.add(
          "the authorization of traces crosses the network to %s for all to read; expected https:// in tracing.otlp_endpoint"
              .formatted(settings.tracing().otlpEndpoint()));
    }
    return warnings;
  }

  private static boolean leaves(List<HostPort> addresses) {
    return addresses.stream().anyMatch(address -> !ListenAddress.isLoopback(address.host()));
  }
}
