package io.vectorstream.http;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsPrinter;
import java.util.List;
import java.util.function.Supplier;

/** The endpoints about the server itself. */
final class ServerEndpoints {

  private ServerEndpoints() {}

  static List<Endpoint> over(Settings settings, Supplier<String> metrics) {
    return List.of(
        Endpoint.get("/config", "Server", "The settings in force, secrets as stars")
            .unlimited()
            .answers(Object.class, request -> SettingsPrinter.toJson(settings)),
        Endpoint.get("/metrics", "Server", "Metrics, in the text format of Prometheus")
            .unlimited()
            .answers(String.class, request -> metrics.get()));
  }
}
