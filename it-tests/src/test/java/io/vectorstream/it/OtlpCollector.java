package io.vectorstream.it;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A collector that takes traces in OTLP's binary form over HTTP, and keeps them. */
public final class OtlpCollector implements AutoCloseable {
  private final HttpServer server;
  private final Queue<ResourceSpans> taken = new ConcurrentLinkedQueue<>();
  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();

  public OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          taken.addAll(
              ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
                  .getResourceSpansList());
          exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
          byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
          exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
          exchange.close();
        });
    server.start();
  }

  /** Returns its address, without a path. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns every value of the header Authorization that came. */
  public Set<String> authorizations() {
    return Set.copyOf(authorizations);
  }

  /** Returns the spans of a process, such as driver. */
  public List<Span> spans(String process) {
    return taken.stream()
        .filter(
            spans ->
                spans.getResource().getAttributesList().stream()
                    .filter(attribute -> attribute.getKey().equals("vectorstream.process"))
                    .map(KeyValue::getValue)
                    .anyMatch(value -> value.getStringValue().equals(process)))
        .flatMap(spans -> spans.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
