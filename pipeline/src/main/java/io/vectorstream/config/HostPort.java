package io.vectorstream.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The address on which a server listens. */
public record HostPort(String host, int port) {

  /** Returns the addresses in a list with commas, as settings hold it: host:port, host:port. */
  static List<HostPort> list(String text) {
    return Stream.of(text.split(",")).map(String::strip).map(HostPort::of).toList();
  }

  private static HostPort of(String text) {
    int colon = text.lastIndexOf(':');
    return new HostPort(
        text.substring(0, colon).replaceAll("[\\[\\]]", ""),
        Integer.parseInt(text.substring(colon + 1)));
  }

  /** Returns all of them as text: host:port, host:port. */
  static String text(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
