package io.vectorstream.local.store;

import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Points.PointStruct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {

  @TempDir Path folder;

  @Test
  void the_health_check_says_what_answers() {
    try (StoreFixture store = new StoreFixture(folder)) {
      assertThat(get(store.client.healthCheckAsync()).getTitle()).contains("embedded");
      assertThat(get(store.client.healthCheckAsync()).getVersion()).startsWith("1.18.");
    }
  }

  @Test
  void with_an_api_key_only_calls_that_carry_it_are_answered() {
    try (StoreFixture store =
            new StoreFixture(
                new EmbeddedVectorStore.Options(folder, 0, Optional.of("secret")), "secret");
        QdrantClient without = StoreFixture.client(store.store.port(), null);
        QdrantClient wrong = StoreFixture.client(store.store.port(), "other")) {
      assertThat(get(store.client.listCollectionsAsync())).isEmpty();
      assertThat(failure(() -> get(without.listCollectionsAsync())).getCode())
          .isEqualTo(Code.UNAUTHENTICATED);
      assertThat(failure(() -> get(wrong.countAsync("c"))).getCode())
          .isEqualTo(Code.UNAUTHENTICATED);
      assertThat(get(without.healthCheckAsync()).getVersion()).isNotEmpty();
    }
  }

  @Test
  void a_taken_port_is_named_in_one_line() {
    try (StoreFixture store = new StoreFixture(folder.resolve("one"))) {
      int port = store.store.port();
      assertThatThrownBy(
              () ->
                  EmbeddedVectorStore.start(
                      new EmbeddedVectorStore.Options(folder.resolve("two"), port)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("port " + port + " on localhost is taken")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void a_certificate_that_cannot_be_used_is_named_in_one_line() throws IOException {
    Path certificate = Files.writeString(folder.resolve("server.pem"), "no certificate");
    Path key = Files.writeString(folder.resolve("server.key"), "no key");
    EmbeddedVectorStore.Options options =
        new EmbeddedVectorStore.Options(
            folder.resolve("store"),
            0,
            Optional.empty(),
            Optional.of(new EmbeddedVectorStore.Tls(certificate, key)));

    assertThatThrownBy(() -> EmbeddedVectorStore.start(options))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the vector store cannot use the certificates in %s with the key in %s;"
                + " expected PEM files",
            certificate, key);
    // The failed start let go of the folder.
    new StoreFixture(folder.resolve("store")).close();
  }

  @Test
  void a_folder_that_is_in_use_is_named_in_one_line() {
    try (StoreFixture store = new StoreFixture(folder)) {
      assertThatThrownBy(
              () -> EmbeddedVectorStore.start(new EmbeddedVectorStore.Options(folder, 0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("in use")
          .message()
          .doesNotContain("\n");
      assertThat(get(store.client.listCollectionsAsync())).isEmpty();
    }
  }

  @Test
  void messages_larger_than_grpc_allows_by_itself_are_taken() {
    try (StoreFixture store = new StoreFixture(folder)) {
      store.payloadCollection("c");
      String text = "x".repeat(100_000);
      List<PointStruct> points = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        points.add(point(id(i), Map.of("text", value(text))));
      }
      get(store.client.upsertAsync("c", points));
      assertThat(store.count("c")).isEqualTo(200);
      assertThat(store.payload("c", 199).get("text").getStringValue()).hasSize(100_000);
    }
  }
}
