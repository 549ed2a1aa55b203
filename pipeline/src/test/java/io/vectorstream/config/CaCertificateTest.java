package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaCertificateTest {
  private static final String EXPECTED =
      "; expected a PEM file that holds -----BEGIN CERTIFICATE-----";

  @TempDir Path folder;
  private String pem;

  /** Any certificate will do; the JVM trusts some. */
  @BeforeEach
  void read_one_that_the_jvm_trusts() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      Certificate first = ((X509TrustManager) manager).getAcceptedIssuers()[0];
      pem =
          "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
              .formatted(Base64.getMimeEncoder().encodeToString(first.getEncoded()));
    }
  }

  @Test
  void machines_without_the_file_get_what_it_holds() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), pem);

    Settings read = settings(file.toString()).withFilesRead();
    Files.delete(file);

    assertThat(read.qdrant().resolvedCaCertificate()).isEqualTo(pem);
    assertThat(read.withFilesRead()).isEqualTo(read);
  }

  @Test
  void it_may_be_given_as_text() {
    assertThat(settings(pem).qdrant().resolvedCaCertificate()).isEqualTo(pem);
  }

  @Test
  void there_may_be_none() {
    assertThat(SettingsLoader.defaults().withFilesRead().qdrant().resolvedCaCertificate())
        .isEmpty();
  }

  @Test
  void a_file_that_holds_no_certificate_is_named() throws IOException {
    Path missing = folder.resolve("missing.pem");
    assertRefused(missing.toString(), "'" + missing + "' cannot be read");
    assertRefused(folder.toString(), "'" + folder + "' cannot be read");
    Path other = Files.write(folder.resolve("ca.p12"), new byte[] {0x30, (byte) 0x82, 0, -1});
    assertRefused(other.toString(), "'" + other + "' holds no certificate");
    Path damaged = Files.writeString(folder.resolve("d.pem"), pem.replaceFirst("\nMII", "\nMMM"));
    assertRefused(damaged.toString(), "'" + damaged + "' holds a damaged certificate");
  }

  private static Settings settings(String certificate) {
    return SettingsLoader.load(
        Optional.empty(),
        Map.of(),
        List.of("qdrant.tls=true", "qdrant.ca_certificate=" + certificate));
  }

  private static void assertRefused(String certificate, String what) {
    assertThatThrownBy(() -> settings(certificate).withFilesRead())
        .isInstanceOf(SettingsException.class)
        .hasMessage("qdrant.ca_certificate: " + what + EXPECTED);
  }
}
