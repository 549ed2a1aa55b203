package io.vectorstream.config;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The schema registry that has the schemas of records' values, with Confluent's API.
 *
 * @param url of the registry, or several of the same one with commas between; empty for none
 * @param user of the password; empty if that is a token
 * @param retryFor how long a call is tried again while the registry does not answer
 */
public record Registry(
    @Pattern(
            regexp = "|" + Registry.URL + "(\\s*,\\s*" + Registry.URL + ")*",
            message =
                "must be http://host:port or https://host, or several of them with commas between,"
                    + " without a password, which has a setting of its own")
        String url,
    @NotNull String user,
    @NotNull Secret password,
    @NotNull String passwordFile,
    @NotNull String caCertificate,
    @NotNull @PositiveDuration Duration timeout,
    @NotNull @PositiveDuration Duration retryFor)
    implements Serializable {

  static final String URL = "https?://[^\\s,@/?#]+(/[^\\s,@?#]*)?";

  /** Returns whether there is one. */
  public boolean exists() {
    return !url.isEmpty();
  }

  /** Returns its addresses, without a slash at the end. */
  public List<String> urls() {
    return Arrays.stream(url.split(","))
        .map(String::strip)
        .map(each -> each.replaceAll("/+$", ""))
        .toList();
  }

  /**
   * Returns the same with the password and the certificates in place of the names of their files.
   *
   * @throws SettingsException when a file cannot be read or does not hold what is expected
   */
  Registry withFilesRead() {
    return new Registry(
        url,
        user,
        SecretFile.orElse(password, "kafka.registry.password_file", passwordFile),
        passwordFile,
        PemCertificates.read("kafka.registry.ca_certificate", caCertificate),
        timeout,
        retryFor);
  }

  /** Returns the same at another address. */
  Registry at(String other) {
    return new Registry(other, user, password, passwordFile, caCertificate, timeout, retryFor);
  }

  /** Returns the same with another password. */
  public Registry withPassword(Secret other) {
    return new Registry(url, user, other, passwordFile, caCertificate, timeout, retryFor);
  }

  /** Returns the same for calls that are tried again no longer than that. */
  public Registry within(Duration longest) {
    return new Registry(
        url,
        user,
        password,
        passwordFile,
        caCertificate,
        timeout.compareTo(longest) < 0 ? timeout : longest,
        retryFor.compareTo(longest) < 0 ? retryFor : longest);
  }

  /** Returns whether the password would cross a network for all to read. */
  boolean showsPassword() {
    return (!password.isEmpty() || !passwordFile.isEmpty())
        && exists()
        && urls().stream()
            .map(URI::create)
            .anyMatch(
                address ->
                    address.getScheme().equals("http")
                        && !ListenAddress.isLoopback(address.getHost()));
  }
}
