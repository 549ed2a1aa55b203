package io.vectorstream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsPrinter;
import java.util.List;
import java.util.function.Supplier;

/** What the server tells about itself. */
final class ServerEndpoints {

  private ServerEndpoints() {}

  static List<Endpoint> over(Settings settings, Supplier<String> metrics) {
    return List.of(
        Endpoint.get("/config", "Server", "The settings in force, secrets as stars")
            .unlimited()
            .answers(JsonNode.class, request -> SettingsPrinter.toJson(settings)),
        Endpoint.get("/metrics", "Server", "Metrics, in the text format of Prometheus")
            .unlimited()
            .answers(String.class, request -> metrics.get()));
  }
}
