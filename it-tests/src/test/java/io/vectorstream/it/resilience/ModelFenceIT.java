package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Migration;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A pipeline that stands still in the middle of a copy for another model, is replaced, and goes on
 * when the model is in use.
 */
@ExtendWith(SharedServices.class)
@Nightly
class ModelFenceIT {

  /** The write before which it stands still. */
  enum Place {
    PRODUCTS("ProductCollection"),
    USERS("UserCollection");

    private final String type;

    Place(String type) {
      this.type = type;
    }

    private String rule() {
      return """
      RULE a copy is written
      CLASS io.vectorstream.migration.%s
      METHOD write
      AT ENTRY
      IF TRUE
      DO flag("copying")
      ENDRULE

      RULE waits before it writes a copy
      CLASS io.vectorstream.store.%s
      METHOD store
      AT ENTRY
      IF flagged("copying") AND incrementCounter("hits") == 1
      DO traceln("WAITS AT %s"), delay(5000)
      ENDRULE
      """
          .formatted(this == PRODUCTS ? "ProductCopy" : "UserCopy", type, name());
    }
  }

  private final List<ObjectNode> sent = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void a_copy_that_is_written_late_changes_nothing_of_a_model_that_is_in_use(
      Place place, Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), place.rule());
    try (Deployment deployment = new Deployment(services, folder);
        Migration migration = new Migration(services, deployment);
        ChildProgram paused = ChildProgram.run(folder, rules, deployment.given())) {
      paused.awaitText("Reading ");
      send(deployment, 40);
      paused.await(() -> deployment.stored().countEvents() == sent.size());
      paused.await(() -> deployment.stored().countPending() == 0);
      migration.begin();
      paused.awaitText("WAITS AT " + place);
      paused.pause();

      try (RunningPipeline second = deployment.start()) {
        send(deployment, 40);
        second.await(() -> deployment.stored().countEvents() == sent.size());
        second.await(migration::isReady);
        migration.run("model", "switch");
        send(deployment, 20);
        second.await(() -> deployment.stored().countEvents() == sent.size());
        second.await(() -> areMerged(migration));
        migration.assertBothExact(sent);

        paused.resume();
        assertThat(paused.awaitEnd()).as("exit status").isEqualTo(1);
        assertThat(paused.said()).contains("another pipeline").contains("has taken over");
        send(deployment, 5);
        second.await(() -> deployment.stored().countEvents() == sent.size());
        second.await(() -> areMerged(migration));
      }
      migration.assertBothExact(sent);
      Tally.done("paused before a copy is written, and replaced", 1);
    }
  }

  private boolean areMerged(Migration migration) {
    return migration.counted(migration.state().inUse()) == sent.size()
        && migration.counted(migration.state().other()) == sent.size()
        && migration.waitsForNothing();
  }

  private void send(Deployment deployment, int count) {
    ObjectNode[] events = new ObjectNode[count];
    for (int i = 0; i < count; i++) {
      int number = (sent.size() + i) % 30;
      ObjectNode product =
          Shop.product("p" + number, "Thing " + number, "The " + number + "th", "Things", number);
      events[i] = Shop.event("view", "user-" + i % 15, product);
    }
    sent.addAll(List.of(events));
    deployment.send(events);
  }
}
