package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.format.RegistryException;
import io.vectorstream.mapping.RecordReaders;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema registry whose certificate an authority of its own has signed. */
class RegistryTlsTest {

  private static final String PASSWORD = "changeit";

  @Test
  void a_registry_is_trusted_by_the_authority_of_the_setting_alone(@TempDir Path folder)
      throws Exception {
    Certificates certificates = new Certificates(folder, PASSWORD);
    certificates.sign("registry");
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificates.keyStore("registry"))));
    server.createContext(
        "/schemas/types",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    try {
      String url = "kafka.registry.url=https://127.0.0.1:" + server.getAddress().getPort();
      RecordReaders.check(kafka(url, "kafka.registry.ca_certificate=" + certificates.authority()));
      assertThatThrownBy(() -> RecordReaders.check(kafka(url)))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("does not answer")
          .hasMessageContaining("certification path");
    } finally {
      server.stop(0);
    }
  }

  private static Settings.Kafka kafka(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("kafka.format=auto");
    return SettingsLoader.load(Optional.empty(), Map.of(), all).withFilesRead().kafka();
  }

  private static SSLContext context(Path keyStore) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
