package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * An authority of a test's own and the certificates that it has signed, made by the JDK's keytool.
 * Everything is kept in one key store in a folder, and written from there as PEM files.
 */
final class Certificates {
  private static final String AUTHORITY = "authority";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path folder;
  private final Path store;
  private final String password;

  /**
   * Makes the authority.
   *
   * @param folder that is there, and of its own
   * @param password of the key store and every key in it
   */
  Certificates(Path folder, String password) throws IOException, InterruptedException {
    this.folder = folder;
    this.store = folder.resolve("everything.p12");
    this.password = password;
    keytool("-alias", AUTHORITY, "-dname", "CN=Authority", "-ext", "bc:c");
  }

  /** Makes a key with a certificate for {@code localhost} and 127.0.0.1. */
  void sign(String name) throws IOException, InterruptedException {
    sign(name, "dns:localhost,ip:127.0.0.1");
  }

  /**
   * @param hosts as keytool names them: {@code dns:shop.example}
   */
  void sign(String name, String hosts) throws IOException, InterruptedException {
    keytool("-alias", name, "-dname", "CN=" + name, "-signer", AUTHORITY, "-ext", "san=" + hosts);
  }

  /** The authority's certificate. */
  Path authority() throws IOException, GeneralSecurityException {
    return write(AUTHORITY + ".pem", pem("CERTIFICATE", load().getCertificate(AUTHORITY)));
  }

  /** The certificate, without the authority's. */
  Path certificate(String name) throws IOException, GeneralSecurityException {
    return write(name + ".pem", pem("CERTIFICATE", load().getCertificate(name)));
  }

  /** The private key, PKCS #8, not encrypted. */
  Path key(String name) throws IOException, GeneralSecurityException {
    byte[] key = load().getKey(name, password.toCharArray()).getEncoded();
    return write(name + ".key", pem("PRIVATE KEY", key));
  }

  /** A PKCS #12 store that holds this key alone, with its certificates, under the password. */
  Path keyStore(String name) throws IOException, GeneralSecurityException {
    KeyStore all = load();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        name,
        all.getKey(name, password.toCharArray()),
        password.toCharArray(),
        all.getCertificateChain(name));
    Path file = folder.resolve(name + ".p12");
    try (var out = Files.newOutputStream(file)) {
      one.store(out, password.toCharArray());
    }
    return file;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      all.load(in, password.toCharArray());
    }
    return all;
  }

  private Path write(String name, String pem) throws IOException {
    return Files.writeString(folder.resolve(name), pem);
  }

  private static String pem(String what, Certificate certificate) throws GeneralSecurityException {
    return pem(what, certificate.getEncoded());
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, new String(LINES.encode(encoded), US_ASCII), what);
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool cannot make a certificate: " + said);
    }
  }
}
