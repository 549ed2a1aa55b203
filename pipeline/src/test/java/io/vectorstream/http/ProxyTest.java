package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks from elsewhere, through a proxy that runs on the same machine. */
class ProxyTest {
  private static final String TOKEN = "Sparrow-2468-token";

  private static TestServer open;
  private static TestServer guarded;

  @BeforeAll
  static void start() {
    open = new TestServer();
    guarded = new TestServer("http.token=" + TOKEN);
  }

  @AfterAll
  static void stop() {
    open.close();
    guarded.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=203.0.113.9;host=shop.example",
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Host: shop.example",
        "X-Forwarded-Proto: https",
        "X-Real-IP: 203.0.113.9",
        "Via: 1.1 proxy",
        "x-forwarded-for:",
        "X-Forwarded-Prefix: /shop",
        "X-Original-Forwarded-For: 203.0.113.9",
        "X-Cluster-Client-IP: 203.0.113.9",
        "X-Envoy-External-Address: 203.0.113.9",
        "Client-IP: 203.0.113.9",
        "Fastly-Client-IP: 203.0.113.9",
        "X-Azure-ClientIP: 203.0.113.9",
      })
  void a_stranger_whose_request_a_proxy_passes_on_reads_nothing_where_there_is_no_token(
      String header) throws IOException {
    RawClient proxy = new RawClient("127.0.0.1", open);
    for (String path : new String[] {"/config", "/metrics", "/openapi.json", "/search?q=a"}) {
      String answer = proxy.get(path, header, "Host: localhost");

      assertThat(RawClient.status(answer)).as(path).isEqualTo(403);
      assertThat(answer)
          .contains("a proxy passes on this request", "set http.read_token or http.token");
    }
    assertThat(RawClient.status(proxy.get("/config"))).isEqualTo(200);
    // A probe gets its state, and no more.
    assertThat(proxy.get("/health/ready", header)).contains("\"status\"").doesNotContain("Qdrant");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: ::1", "Forwarded: for=_x"})
  void a_stranger_who_comes_by_way_of_a_proxy_reads_nothing_without_the_token(String header)
      throws IOException {
    RawClient proxy = new RawClient("127.0.0.1", guarded);
    String sent = header.isEmpty() ? "Accept: */*" : header;

    for (String host : new String[] {"Host: localhost", "Host: 127.0.0.1", "Host: shop.example"}) {
      assertThat(RawClient.status(proxy.get("/config", sent, host))).isEqualTo(401);
      String right = "Authorization: Bearer " + TOKEN;
      assertThat(RawClient.status(proxy.get("/config", sent, host, right))).isEqualTo(200);
    }
  }
}
