package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the tokens by trying one after another. */
class GuessingTest {
  private static final String TOKEN = "Sparrow-2468-token";
  private static final String RIGHT = "Authorization: Bearer " + TOKEN;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Runnable> later = new ArrayList<>();
  private final WrongTokens wrongTokens = new WrongTokens(meters, now::get, later::add);

  private static final String ADDED = "X-Forwarded-For: 203.0.113.9";

  private static String guess(int number) {
    return "Authorization: Bearer Sparrow-%04d-token".formatted(number);
  }

  @Test
  void one_address_tries_token_after_token_and_is_slowed_down_while_another_gets_through()
      throws IOException {
    try (TestServer server = new TestServer("http.token=" + TOKEN)) {
      RawClient attacker = new RawClient("127.0.0.66", server);
      RawClient user = new RawClient("127.0.0.7", server);
      List<Integer> statuses = new ArrayList<>();
      for (int number = 0; number < 60; number++) {
        statuses.add(RawClient.status(attacker.get("/config", guess(number))));
        assertThat(RawClient.status(user.get("/config", RIGHT))).isEqualTo(200);
      }

      assertThat(statuses.subList(0, 10)).containsOnly(401);
      assertThat(statuses).containsOnly(401, 429);
      // At that pace even the right token is not checked, because the answer would reveal it.
      String answer = attacker.get("/config", guess(60));
      while (RawClient.status(answer) != 429) {
        answer = attacker.get("/config", guess(61));
      }
      String right = attacker.get("/config", RIGHT);
      assertThat(RawClient.status(right)).isEqualTo(429);
      assertThat(right).contains("Retry-After: ", "no token is checked");
      // Nor are they checked where only the states of parts are shown.
      assertThat(RawClient.status(attacker.get("/health", guess(62)))).isEqualTo(429);
      // Requests without a token are not affected.
      assertThat(RawClient.status(attacker.get("/health/live"))).isEqualTo(200);
      assertThat(user.get("/metrics", RIGHT)).contains("vectorstream_http_wrong_tokens_total 6");
    }
  }

  @Test
  void health_is_no_way_to_try_tokens_either() throws IOException {
    try (TestServer server = new TestServer("http.token=" + TOKEN)) {
      RawClient attacker = new RawClient("127.0.0.66", server);
      List<Integer> statuses = new ArrayList<>();
      for (int number = 0; number < 30; number++) {
        statuses.add(RawClient.status(attacker.get("/health", guess(number))));
      }

      assertThat(statuses).containsOnly(401, 429).contains(429);
    }
  }

  @Test
  void behind_a_proxy_of_this_machine_one_client_guesses_and_another_gets_through()
      throws IOException {
    try (TestServer server = new TestServer("http.token=" + TOKEN)) {
      RawClient proxy = new RawClient("127.0.0.1", server);
      List<Integer> statuses = new ArrayList<>();
      for (int number = 0; number < 40; number++) {
        // The proxy adds the address that it sees; the client may have invented the text before it.
        String made = "X-Forwarded-For: 198.51.100.%d, 203.0.113.9".formatted(number);
        statuses.add(
            RawClient.status(
                number % 2 == 0
                    ? proxy.get("/config", guess(number), made)
                    // In a line of its own, as some proxies do.
                    : proxy.get("/config", guess(number), made.split(", ")[0], ADDED)));
      }

      assertThat(statuses).contains(429);
      assertThat(RawClient.status(proxy.get("/config", RIGHT, "X-Forwarded-For: 203.0.113.10")))
          .isEqualTo(200);
    }
  }

  @Test
  void who_is_no_trusted_proxy_cannot_guess_as_others_by_saying_that_it_asks_for_them()
      throws IOException {
    try (TestServer server =
        new TestServer("http.token=" + TOKEN, "http.trusted_proxies=127.0.0.7, 127.0.9.0/24")) {
      RawClient attacker = new RawClient("127.0.0.66", server);
      List<Integer> statuses = new ArrayList<>();
      for (int number = 0; number < 40; number++) {
        String made = "X-Forwarded-For: 198.51.100." + number;
        statuses.add(RawClient.status(attacker.get("/config", guess(number), made)));
      }

      assertThat(statuses).contains(429);
      for (String proxy : List.of("127.0.0.7", "127.0.9.200")) {
        RawClient trusted = new RawClient(proxy, server);
        for (int number = 0; number < 40; number++) {
          trusted.get("/config", guess(number), ADDED);
        }
        assertThat(RawClient.status(trusted.get("/config", RIGHT, ADDED))).isEqualTo(429);
        String other = "X-Forwarded-For: 203.0.113.10";
        assertThat(RawClient.status(trusted.get("/config", RIGHT, other))).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "203.0.113.%d:51234",
        "203.0.113.%d, 127.0.0.9",
        "198.51.100.1, 203.0.113.%d:80, 127.0.0.9",
        "[2001:db8:0:%d::1]:443"
      })
  void one_client_of_a_proxy_does_not_lock_out_another_however_the_proxies_write_it(String hops)
      throws IOException {
    try (TestServer server = new TestServer("http.token=" + TOKEN)) {
      RawClient proxy = new RawClient("127.0.0.1", server);
      for (int number = 0; number < 40; number++) {
        proxy.get("/config", guess(number), "X-Forwarded-For: " + hops.formatted(9));
      }

      for (int client : List.of(9, 10)) {
        String shown = "X-Forwarded-For: " + hops.formatted(client);
        assertThat(RawClient.status(proxy.get("/config", RIGHT, shown)))
            .isEqualTo(client == 9 ? 429 : 200);
      }
    }
  }

  @Test
  void a_thousand_addresses_that_guess_together_are_slowed_down_in_all() {
    int looked = 0;
    for (int round = 0; round < 10; round++) {
      for (int address = 0; address < 1000; address++) {
        looked += isLookedAt("10.0.%d.%d".formatted(address / 250, address % 250)) ? 1 : 0;
      }
    }

    // The first three of each, and no more than the free ones and those of a time that stood still.
    assertThat(looked).isBetween(3000, 3100);
    assertThat(meters.get("vectorstream.http.wrong.tokens").counter().count()).isEqualTo(10_000);
    // Meanwhile the right token is admitted, even after two mistyped ones.
    assertThatCode(() -> wrongTokens.check("192.0.2.1", true)).doesNotThrowAnyException();
    assertThat(isLookedAt("192.0.2.1")).isTrue();
    assertThat(isLookedAt("192.0.2.1")).isTrue();
    assertThatCode(() -> wrongTokens.check("192.0.2.1", true)).doesNotThrowAnyException();
  }

  @Test
  void who_guesses_from_addresses_that_are_made_up_locks_nobody_out_for_long() {
    for (int round = 0; round < 4; round++) {
      assertThat(isLookedAt("192.0.2.1")).isTrue();
    }
    for (int address = 0; address < 5000; address++) {
      isLookedAt("10.1.%d.%d".formatted(address / 250, address % 250));
    }

    assertThatThrownBy(() -> wrongTokens.check("192.0.2.1", true))
        .isInstanceOf(RequestException.class)
        .hasMessageEndingWith("try again in 5 s");
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThatCode(() -> wrongTokens.check("192.0.2.1", true)).doesNotThrowAnyException();
  }

  @Test
  void the_last_of_a_burst_are_told_too() {
    StringWriter written = new StringWriter();
    WriterAppender appender =
        WriterAppender.newBuilder().setName("guesses").setTarget(written).build();
    appender.start();
    Logger logger = (Logger) LogManager.getLogger(WrongTokens.class);
    logger.addAppender(appender);
    try {
      for (int number = 0; number < 30; number++) {
        isLookedAt("10.0.0.1");
      }
      assertThat(written.toString().lines()).singleElement().asString().contains(": 1 since");
      assertThat(later).hasSize(1);

      later.get(0).run();
      later.get(0).run();

      assertThat(written.toString().lines())
          .hasSize(2)
          .last()
          .asString()
          .contains(": 29 since", "10.0.0.1");
    } finally {
      logger.removeAppender(appender);
    }
  }

  @Test
  void who_waits_as_long_as_told_may_try_again() {
    for (int number = 0; number < 10; number++) {
      assertThat(isLookedAt("10.0.0.1")).isTrue();
    }
    assertThat(isLookedAt("10.0.0.1")).isFalse();
    assertThatThrownBy(() -> wrongTokens.check("10.0.0.1", true))
        .isInstanceOf(RequestException.class)
        .hasMessageEndingWith("try again in 2 s");

    now.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThatCode(() -> wrongTokens.check("10.0.0.1", true)).doesNotThrowAnyException();
    assertThat(isLookedAt("10.0.0.1")).isTrue();
    assertThat(isLookedAt("10.0.0.1")).isFalse();
  }

  private boolean isLookedAt(String address) {
    try {
      wrongTokens.check(address, false);
      return true;
    } catch (RequestException e) {
      assertThat(e.status()).isEqualTo(429);
      return false;
    }
  }
}
