package io.vectorstream.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** A setting that names a PEM file of certificates, or holds their PEM text itself. */
final class PemCertificates {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String EXPECTED = "; expected a PEM file that holds " + BEGIN;

  private PemCertificates() {}

  /**
   * Returns the PEM text; empty if the value is empty.
   *
   * @throws SettingsException when the file cannot be read or holds no certificate
   */
  static String read(String setting, String value) {
    if (value.isBlank()) {
      return "";
    }
    if (value.contains(BEGIN)) {
      return checked(value, setting + ": the text");
    }
    String file = setting + ": '" + value + "'";
    try {
      // Byte for byte: PEM is ASCII, and any other byte is refused below.
      return checked(Files.readString(Path.of(value), StandardCharsets.ISO_8859_1), file);
    } catch (IOException | InvalidPathException e) {
      throw new SettingsException(file + " cannot be read" + EXPECTED, e);
    }
  }

  private static String checked(String pem, String where) {
    if (!pem.contains(BEGIN)) {
      throw new SettingsException(where + " holds no certificate" + EXPECTED, null);
    }
    try {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(
              new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
      return pem;
    } catch (CertificateException e) {
      throw new SettingsException(where + " holds a damaged certificate" + EXPECTED, e);
    }
  }
}
