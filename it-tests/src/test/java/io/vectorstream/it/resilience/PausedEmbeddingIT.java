package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline is paused while it adds the shares that waited for embeddings, and is replaced. */
@ExtendWith(SharedServices.class)
@Nightly
class PausedEmbeddingIT {

  private static final int PRODUCTS = 60;

  /** The rule that makes it wait for some seconds between reading users and writing them. */
  private static final String PAUSED =
      """
      RULE waits before it adds to users
      CLASS io.vectorstream.stream.PendingEmbeddings
      METHOD resolve
      AT INVOKE io.vectorstream.store.UserCollection.store
      IF incrementCounter("hits") == 1
      DO traceln("WAITS WITH SHARES"), delay(5000)
      ENDRULE
      """;

  /** The rule that makes it run batches without embedding between them. */
  private static final String BATCHES_ALONE =
      """
      RULE leaves over what is pending
      CLASS io.vectorstream.stream.PendingWork
      METHOD start
      AT ENTRY
      IF TRUE
      DO RETURN
      ENDRULE
      """;

  private final List<ObjectNode> sent = new ArrayList<>();

  @Test
  void what_waits_is_added_to_a_user_although_its_product_was_almost_done(
      Services services, @TempDir Path folder) throws Exception {
    Path paused = Files.writeString(folder.resolve("paused.btm"), PAUSED);
    Path batches = Files.writeString(folder.resolve("batches.btm"), BATCHES_ALONE);
    try (Deployment deployment = new Deployment(services, folder, "stream.embedding_time=1ms")) {
      try (ChildProgram first =
          ChildProgram.run(folder.resolve("first"), paused, deployment.given())) {
        first.awaitText("Reading ");
        for (int i = 0; i < PRODUCTS; i++) {
          send("product-" + i);
        }
        deployment.send(sent.toArray(ObjectNode[]::new));
        first.awaitText("WAITS WITH SHARES");
        first.pause();
        try (ChildProgram second =
            ChildProgram.run(folder.resolve("second"), batches, deployment.given())) {
          second.awaitText("Reading ");
          int before = sent.size();
          send("another");
          deployment.send(sent.subList(before, sent.size()).toArray(ObjectNode[]::new));
          second.awaitText(" records in ");

          first.resume();

          assertThat(first.awaitEnd()).as(first.said()).isEqualTo(1);
          second.kill();
        }
      }
      try (RunningPipeline last = deployment.start()) {
        last.await(() -> deployment.stored().countPending() == 0);
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      StoreAssertions.assertSums(deployment, new Recomputation(deployment.settings(), sent));
      Tally.done("paused before a write, and replaced", 1);
    }
  }

  /** Sends a view of the product by both users. */
  private void send(String product) {
    ObjectNode about =
        Shop.product(product, "The " + product, "Like no other " + product, "Things", 5);
    sent.add(Shop.event("view", "ada", about));
    sent.add(Shop.event("purchase", "grace", about));
  }
}
