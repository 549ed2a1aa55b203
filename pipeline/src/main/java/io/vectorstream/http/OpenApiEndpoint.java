package io.vectorstream.http;

import com.google.common.base.Suppliers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /openapi.json}: all endpoints, itself included. */
final class OpenApiEndpoint {
  private OpenApiEndpoint() {}

  static Endpoint of(List<Endpoint> others) {
    List<Endpoint> all = new ArrayList<>(others);
    // Made at the first request for it: requests are rare, and it takes a second.
    Supplier<byte[]> document = Suppliers.memoize(() -> OpenApiDocument.of(all));
    Endpoint endpoint =
        Endpoint.get("/openapi.json", "Server", "This document")
            .unlimited()
            .answersWith(Object.class, request -> Endpoint.Answer.ok(document.get()));
    all.add(endpoint);
    return endpoint;
  }
}
