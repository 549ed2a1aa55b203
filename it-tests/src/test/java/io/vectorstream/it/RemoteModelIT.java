package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.Stored.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose texts a server embeds, which is away for a while. */
@ExtendWith(SharedServices.class)
class RemoteModelIT {
  private static final String KEY = "sk-0123456789abcdef";

  @Test
  void events_are_stored_while_the_server_is_away_and_their_texts_embedded_when_it_is_back(
      Services services, @TempDir Path folder) throws IOException {
    try (EmbeddingServer server = new EmbeddingServer();
        Deployment deployment =
            new Deployment(
                services,
                folder,
                "embedding.model=remote",
                "embedding.remote.url=" + server.url(),
                "embedding.remote.model=a-model",
                "embedding.remote.api_key=" + KEY,
                "embedding.remote.retry_for=500ms",
                "embedding.document_prompt=passage: ",
                "embedding.query_prompt=query: ")) {
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(view("mug", "Mug"));
        pipeline.awaitRecords(1);
        pipeline.await(() -> deployment.stored().products().get("mug").vector() != null);

        server.setAway(true);
        deployment.send(view("lamp", "Lamp"), search("a light for the desk"));
        pipeline.awaitRecords(3);
        assertThat(deployment.stored().countEvents()).isEqualTo(3);
        Point waiting = deployment.stored().products().get("lamp");
        assertThat(waiting.counts()).isEqualTo(Map.of("view", 1L));
        assertThat(waiting.vector()).isNull();

        server.setAway(false);
        pipeline.await(() -> deployment.stored().countPending() == 0);
        pipeline.await(() -> deployment.stored().products().get("lamp").vector() != null);
        pipeline.await(() -> server.texts().contains("query: a light for the desk"));
      }
      Point lamp = deployment.stored().products().get("lamp");
      String text =
          server.texts().stream().filter(sent -> sent.contains("Lamp")).findFirst().orElseThrow();
      assertThat(text).startsWith("passage: Lamp");
      assertThat(cosine(lamp.vector(), EmbeddingServer.vector(text))).isGreaterThan(0.9999);
      assertThat(lamp.text("model")).startsWith("a-model@probe-");
      assertThat(server.keys()).containsOnly("Bearer " + KEY);
    }
  }

  private static ObjectNode view(String id, String name) {
    return Shop.event("view", "ada", Shop.product(id, name, "For the desk", "Home", 8));
  }

  private static ObjectNode search(String query) {
    return Shop.event("search", "bob", null).put("search_query", query);
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      squares += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(squares * others);
  }
}
