package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {

  @ParameterizedTest
  @CsvSource({
    "/users/ada, /users/{id}",
    "/users/ada%20lovelace, /users/{id}",
    "/recommendations/users/ada, /recommendations/users/{id}",
    "/recommendations/users/ada/, /recommendations/users/{id}/",
    "/products/mug, /products/mug",
    "/search, /search"
  })
  void a_failed_request_is_logged_without_the_user_that_it_was_about(String path, String logged) {
    assertThat(Failures.logged(path)).isEqualTo(logged);
  }

  @ParameterizedTest
  @CsvSource({"/products/m\u001b[2Jug, /products/m?[2Jug"})
  void and_without_what_a_terminal_would_obey(String path, String logged) {
    assertThat(Failures.logged(path)).isEqualTo(logged);
  }
}
