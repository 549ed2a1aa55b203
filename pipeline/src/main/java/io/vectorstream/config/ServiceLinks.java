package io.vectorstream.config;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The variables that Kubernetes adds to every pod for each service of its namespace. Those of a
 * service named {@code vectorstream-qdrant} begin like settings, and one of them, {@code
 * VECTORSTREAM_QDRANT_PORT=tcp://10.0.0.7:6334}, has the exact name of a setting.
 */
final class ServiceLinks {
  private static final String HOST = "_SERVICE_HOST";
  private static final String PORT = "_SERVICE_PORT";
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://.+:\\d+");

  /** The part after the service's name: {@code _PORT_8080_TCP_ADDR}. */
  private static final Pattern OF_PORT =
      Pattern.compile("_PORT_\\d+_(TCP|UDP|SCTP)(?<part>|_PROTO|_PORT|_ADDR)");

  private final Map<String, String> environment;

  /** The services' names as in variables: {@code VECTORSTREAM_QDRANT}. */
  private final Set<String> services;

  ServiceLinks(Map<String, String> environment) {
    this.environment = environment;
    // Every service has both of these.
    this.services =
        environment.keySet().stream()
            .filter(variable -> variable.endsWith(HOST))
            .map(variable -> variable.substring(0, variable.length() - HOST.length()))
            .filter(name -> has(name + PORT, NUMBER))
            .collect(Collectors.toSet());
  }

  /** Returns whether Kubernetes has made this variable, so that it is not meant as a setting. */
  boolean contain(String variable) {
    return services.stream()
        .filter(variable::startsWith)
        .anyMatch(service -> isLink(variable, variable.substring(service.length())));
  }

  private boolean isLink(String variable, String rest) {
    if (rest.equals(HOST)) {
      return true;
    }
    if (rest.equals(PORT) || rest.startsWith(PORT + "_")) {
      return has(variable, NUMBER);
    }
    if (rest.equals("_PORT")) {
      return has(variable, URL);
    }
    var ofPort = OF_PORT.matcher(rest);
    if (!ofPort.matches()) {
      return false;
    }
    return switch (ofPort.group("part")) {
      case "" -> has(variable, URL);
      case "_PORT" -> has(variable, NUMBER);
      default -> true;
    };
  }

  private boolean has(String variable, Pattern value) {
    return value.matcher(environment.getOrDefault(variable, "")).matches();
  }
}
