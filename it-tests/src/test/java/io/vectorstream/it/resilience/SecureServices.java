package io.vectorstream.it.resilience;

import static org.awaitility.Awaitility.await;

import io.vectorstream.local.kafka.EmbeddedKafka;
import io.vectorstream.local.store.EmbeddedVectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A Kafka over TLS that knows its clients by their certificates, another one over TLS that asks for
 * a password, and a store over TLS that asks for an API key; with certificates of a private
 * authority.
 */
final class SecureServices implements AutoCloseable {
  static final String USER = "shop";

  private static final String SCRAM_LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule";
  private static final String PLAIN_LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule";

  private final Path folder;
  private final Certificates certificates;
  private final String password;
  private final String keyPassword;
  private final String apiKey;
  private final EmbeddedVectorStore store;
  private EmbeddedKafka byCertificate;
  private EmbeddedKafka byPassword;

  /**
   * Makes the certificates and starts the store; each Kafka starts when it is first asked for.
   *
   * @param password of the Kafka user
   * @param keyPassword of the key stores and the keys in them
   * @param apiKey of the store
   */
  SecureServices(Path folder, String password, String keyPassword, String apiKey)
      throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    this.password = password;
    this.keyPassword = keyPassword;
    this.apiKey = apiKey;
    certificates = new Certificates(Files.createDirectories(folder.resolve("tls")), keyPassword);
    certificates.sign("server");
    certificates.sign("client");
    store =
        EmbeddedVectorStore.start(
            new EmbeddedVectorStore.Options(
                folder.resolve("store"),
                0,
                Optional.of(apiKey),
                Optional.of(
                    new EmbeddedVectorStore.Tls(
                        certificates.certificate("server"), certificates.key("server")))));
  }

  Certificates certificates() {
    return certificates;
  }

  int storePort() {
    return store.port();
  }

  /** Returns the settings with the address of the store, as {@code name=value}. */
  List<String> storeSettings() throws IOException, GeneralSecurityException {
    return new ArrayList<>(
        List.of(
            "qdrant.host=localhost",
            "qdrant.port=" + store.port(),
            "qdrant.tls=true",
            "qdrant.ca_certificate=" + certificates.authority(),
            "qdrant.api_key=" + apiKey));
  }

  /** Returns the properties that a client of {@link #byCertificate} needs. */
  Map<String, String> clientCertificate() throws IOException, GeneralSecurityException {
    Map<String, String> properties = trust();
    properties.put("security.protocol", "SSL");
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.location", certificates.keyStore("client").toString());
    properties.put("ssl.keystore.password", keyPassword);
    properties.put("ssl.key.password", keyPassword);
    return properties;
  }

  /** Returns the properties that a client of {@link #byPassword} needs. */
  Map<String, String> login(String mechanism) throws IOException, GeneralSecurityException {
    Map<String, String> properties = trust();
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", mechanism);
    properties.put("sasl.jaas.config", jaas(mechanism, password));
    return properties;
  }

  /** The login of the one user there is. */
  static String jaas(String mechanism, String password) {
    return "%s required username=\"%s\" password=\"%s\";"
        .formatted(mechanism.equals("PLAIN") ? PLAIN_LOGIN : SCRAM_LOGIN, USER, password);
  }

  private Map<String, String> trust() throws IOException, GeneralSecurityException {
    Map<String, String> properties = new HashMap<>();
    properties.put("ssl.truststore.type", "PEM");
    properties.put("ssl.truststore.location", certificates.authority().toString());
    return properties;
  }

  /** Kafka's own settings in a file, as its tools take them. */
  static Path file(Path file, Map<String, String> properties) throws IOException {
    Properties all = new Properties();
    all.putAll(properties);
    try (var out = Files.newOutputStream(file)) {
      all.store(out, null);
    }
    return file;
  }

  synchronized EmbeddedKafka byCertificate() throws IOException, GeneralSecurityException {
    if (byCertificate == null) {
      Map<String, String> broker = server("SSL", "server");
      // The broker is a client of its own, and needs a certificate that both ends accept.
      broker.put("ssl.client.auth", "required");
      byCertificate =
          EmbeddedKafka.start(
              new EmbeddedKafka.Options(
                  folder.resolve("kafka-by-certificate"), 0, broker, clientCertificate()));
    }
    return byCertificate;
  }

  synchronized EmbeddedKafka byPassword()
      throws IOException, GeneralSecurityException, ExecutionException, InterruptedException {
    if (byPassword == null) {
      Map<String, String> broker = server("SASL_SSL", "server");
      broker.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
      broker.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
      broker.put(
          "listener.name.sasl_ssl.plain.sasl.jaas.config",
          "%s required username=\"%s\" password=\"%s\" user_%s=\"%s\";"
              .formatted(PLAIN_LOGIN, USER, password, USER, password));
      for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-512")) {
        broker.put(
            "listener.name.sasl_ssl." + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config",
            SCRAM_LOGIN + " required;");
      }
      byPassword =
          EmbeddedKafka.start(
              new EmbeddedKafka.Options(
                  folder.resolve("kafka-by-password"), 0, broker, login("PLAIN")));
      addScramUser();
    }
    return byPassword;
  }

  /**
   * Returns the properties that a broker over TLS needs.
   *
   * @param name of its certificate
   */
  Map<String, String> server(String protocol, String name)
      throws IOException, GeneralSecurityException {
    Map<String, String> broker = trust();
    broker.put("security.inter.broker.protocol", protocol);
    broker.put("ssl.keystore.type", "PKCS12");
    broker.put("ssl.keystore.location", certificates.keyStore(name).toString());
    broker.put("ssl.keystore.password", keyPassword);
    broker.put("ssl.key.password", keyPassword);
    return broker;
  }

  private void addScramUser()
      throws IOException, GeneralSecurityException, ExecutionException, InterruptedException {
    Map<String, Object> config = new HashMap<>(login("PLAIN"));
    config.put("bootstrap.servers", byPassword.bootstrapServers());
    List<ScramMechanism> mechanisms =
        List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512);
    try (Admin admin = Admin.create(config)) {
      for (ScramMechanism mechanism : mechanisms) {
        ScramCredentialInfo credential = new ScramCredentialInfo(mechanism, 4096);
        admin
            .alterUserScramCredentials(
                List.of(new UserScramCredentialUpsertion(USER, credential, password)))
            .all()
            .get();
      }
      // The controller confirms a topic a moment before the broker knows it.
      await()
          .until(
              () ->
                  admin
                          .describeUserScramCredentials(List.of(USER))
                          .description(USER)
                          .get()
                          .credentialInfos()
                          .size()
                      == mechanisms.size());
    }
  }

  @Override
  public void close() {
    Stream.of(byCertificate, byPassword).filter(Objects::nonNull).forEach(EmbeddedKafka::close);
    store.close();
  }
}
