package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks by a page of another site, in the browser of a user who may read. */
class OtherSitesTest {
  private static TestServer server;
  private static RawClient browser;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer();
    browser = new RawClient("127.0.0.1", server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A browser's headers for an image, a script, a fetch, a frame, a form and a link. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/dead-letters | cross-site | no-cors  | image",
        "/search?q=a   | cross-site | no-cors  | script",
        "/metrics      | cross-site | cors     | empty",
        "/config       | same-site  | cors     | empty",
        "/health       | cross-site | no-cors  | image",
        "/dead-letters | cross-site | navigate | document",
        "/dead-letters | cross-site | navigate | iframe",
        "/             | cross-site | no-cors  | image",
        "/             | cross-site | navigate | iframe",
        "/             | same-site  | navigate | object",
        "/docs/start.js| cross-site | no-cors  | script",
        "/config       | anything   | cors     | empty"
      })
  void a_page_of_another_site_makes_the_browser_ask_and_is_refused(
      String path, String site, String mode, String destination) throws IOException {
    String answer = ask(path, site, mode, destination);

    assertThat(RawClient.status(answer)).isEqualTo(403);
    assertThat(answer).contains("a page of another site sent this");
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example",
    "null",
    "http://localhost:1",
    "http://localhost.evil.example"
  })
  void a_browser_that_says_the_origin_alone_is_refused_for_another_one(String origin)
      throws IOException {
    for (String line :
        new String[] {
          "GET /config HTTP/1.1", "OPTIONS /dead-letters/replay HTTP/1.1", "GET / HTTP/1.1"
        }) {
      String answer = browser.send(line, "Origin: " + origin);

      assertThat(RawClient.status(answer)).as(line).isEqualTo(403);
      assertThat(answer.toLowerCase()).doesNotContain("access-control");
      answer = browser.send(line, "Origin: " + origin, "Sec-Fetch-Site: none");
      assertThat(RawClient.status(answer)).as(line).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, cross-site, navigate, document",
    "/docs, same-site, navigate, document",
    "/config, same-origin, cors, empty",
    "/health/live, same-origin, navigate, document",
    "/metrics, none, navigate, document",
    "/style.css, same-origin, no-cors, style"
  })
  void a_link_to_a_page_the_page_itself_and_the_user_are_let_through(
      String path, String site, String mode, String destination) throws IOException {
    String answer = ask(path, site, mode, destination);

    assertThat(RawClient.status(answer)).isEqualTo(200);
  }

  @Test
  void the_page_s_own_origin_is_let_through_also_where_a_proxy_has_changed_the_host()
      throws IOException {
    String own = "Origin: http://localhost:" + server.server().port();

    assertThat(RawClient.status(browser.get("/config", own))).isEqualTo(200);
    assertThat(
            RawClient.status(
                browser.get(
                    "/config", "Origin: https://shop.example", "Sec-Fetch-Site: same-origin")))
        .isEqualTo(200);
  }

  private String ask(String path, String site, String mode, String destination) throws IOException {
    return browser.get(
        path,
        "Sec-Fetch-Site: " + site,
        "Sec-Fetch-Mode: " + mode,
        "Sec-Fetch-Dest: " + destination);
  }
}
