package io.vectorstream.config;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The settings for traces of batches. Without an endpoint and a file there are none.
 *
 * @param otlpEndpoint the address of a collector that takes OTLP over HTTP; empty for none
 * @param otlpAuthorization sent to it as the header Authorization; empty for none
 * @param otlpAuthorizationFile the file that holds the header's value
 * @param file that gets a line of OTLP JSON for some spans each; empty for none
 * @param slowerThan the duration from which on a batch's trace is kept; zero keeps all
 */
public record Tracing(
    @Pattern(
            regexp = "|https?://[^\\s/]+.*",
            message = "must be an address with https:// or http://")
        String otlpEndpoint,
    @NotNull Secret otlpAuthorization,
    @NotNull String otlpAuthorizationFile,
    @NotNull String file,
    @NotNull Duration slowerThan)
    implements Serializable {

  /** Returns whether there is somewhere for traces to go. */
  public boolean areWanted() {
    return !otlpEndpoint.isEmpty() || !file.isEmpty();
  }

  Tracing withFilesRead() {
    Secret read =
        SecretFile.orElse(
            otlpAuthorization, "tracing.otlp_authorization_file", otlpAuthorizationFile);
    if (!read.value().matches("[ -~]*")) {
      throw new SettingsException(
          List.of(
              "tracing.otlp_authorization: the value has characters that a header cannot carry;"
                  + " expected ASCII in one line, such as Bearer and a token"));
    }
    return new Tracing(otlpEndpoint, read, otlpAuthorizationFile, file, slowerThan);
  }

  /** Returns whether the header's value would cross a network for all to read. */
  boolean exposesAuthorization() {
    return !(otlpAuthorization.isEmpty() && otlpAuthorizationFile.isEmpty())
        && otlpEndpoint.startsWith("http://")
        && !ListenAddress.isLoopback(URI.create(otlpEndpoint).getHost());
  }
}
