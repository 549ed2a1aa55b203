package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.Topics;
import io.vectorstream.process.Printable;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.LedgerEntry;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.UserErasure;
import io.vectorstream.store.VectorStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes what is stored of a user, for good. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Removes what is stored of a user, and keeps anything from being stored again: neither new"
          + " events, nor copies, nor a replay, nor a lost checkpoint bring the user back.",
      "The user's events stay without user, session and search query, so that products keep their"
          + " counts. There is no way back.",
      "It may run beside the pipeline, and it may be run again. The exit status is 0 when nothing"
          + " of the user can be written any more."
    })
public final class UserForgetCommand implements Callable<Integer> {
  private static final int ID_WIDTH = 80;
  private static final long BETWEEN_LOOKS_MS = 500;

  /** What Java has for a byte of an argument that is no character in the locale. */
  private static final char UNREADABLE = '\uFFFD';

  @Parameters(
      paramLabel = "ID",
      description =
          "The user's id, as events have it. Put -- before one that begins with a hyphen.")
  private String id;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the pipeline to say that it stores nothing of the user any more."
              + " Default: ${DEFAULT-VALUE}.")
  private int waitSeconds;

  @Option(
      names = "--no-pipeline",
      description =
          "Wait for none, because none runs on these collections. One that does run is ended by"
              + " this.")
  private boolean noPipeline;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("ID is empty, expected the id of a user");
    }
    if (id.indexOf(UNREADABLE) >= 0) {
      throw new IllegalArgumentException(
          "ID is '%s', which this program could not read from its arguments; expected a locale with UTF-8 (LC_ALL=C.UTF-8)"
              .formatted(Printable.text(id, ID_WIDTH)));
    }
    if (waitSeconds < 0) {
      throw new IllegalArgumentException("--wait is %d, expected 0 or more".formatted(waitSeconds));
    }
    Settings settings = options.load().withFilesRead();
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      store.check();
      requireFilled(store);
    }
    boolean done;
    // Where there are several copies, they have to agree about the request.
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      done = forget(settings, store);
    }
    printKafka(settings.kafka());
    out().flush();
    return done ? 0 : 1;
  }

  private static void requireFilled(VectorStore store) {
    Optional<LedgerEntry> ledger =
        new ForgetRegister(store).exists() ? Ledger.find(store) : Optional.empty();
    if (ledger.isEmpty()) {
      throw new StoreException(
          "no pipeline has run on the collections '%s' and '%s' at %s; expected those that users are stored in (qdrant.collections)"
              .formatted(
                  store.collections().users(), store.collections().state(), store.address()));
    }
    if (ledger.get().pointIds() < PointIds.SCHEME) {
      throw new StoreException(
          "the collections at %s were filled by an earlier version of this program; start the pipeline of this version once, which brings them up to date"
              .formatted(store.address()));
    }
  }

  /** Returns whether nothing of the user can be written any more. */
  private boolean forget(Settings settings, VectorStore store) {
    ForgetRegister register = new ForgetRegister(store);
    UserErasure erasure = new UserErasure(store);
    // First, so that the pipeline finishes this where it is cut off.
    register.add(id);
    boolean wasStored = erasure.removeUser(id);
    out()
        .printf(
            "User '%s' %s.%n",
            Printable.text(id, ID_WIDTH), wasStored ? "is removed" : "was not stored");
    if (noPipeline) {
      takeOver(settings);
    }
    long events = erasure.anonymiseEvents(id, soFar -> {});
    if (noPipeline) {
      register.done(List.of(id));
    }
    boolean done = await(register);
    // And those that the batch in hand has stored.
    events += erasure.anonymiseEvents(id, soFar -> {});
    out()
        .printf(
            "%,d events of the user have no user, no session and no search query any more; they"
                + " still count for their products.%n",
            events);
    printState(store, done);
    return done;
  }

  /** One that stands still, and is not known of, can begin no batch any more. */
  private static void takeOver(Settings settings) {
    try {
      Ledger.takeOver(settings.qdrant(), "user forget --no-pipeline");
    } finally {
      VectorStore.closeShared(settings.qdrant());
    }
  }

  private boolean await(ForgetRegister register) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
    boolean waiting = register.isWaiting(id);
    while (waiting && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      waiting = register.isWaiting(id);
    }
    return !waiting;
  }

  private void printState(VectorStore store, boolean done) {
    if (done) {
      out().println("Nothing of the user can be written any more.");
      return;
    }
    out()
        .printf(
            "Not finished: no pipeline has said within %d s that it stores nothing of the user any"
                + " more. One that runs says so after the batch in hand, and one that is started"
                + " next finishes this by itself; until then the id stays in collection '%s'. Run"
                + " this again to see; with --no-pipeline if none will be started.%n",
            waitSeconds, store.collections().state());
  }

  private void printKafka(Settings.Kafka kafka) {
    out()
        .println(
            "Kafka cannot delete single records. Those of the user are not shown by this program"
                + " any more, and stay in Kafka until it deletes them:");
    try {
      Topics.retention(kafka, Set.of(kafka.topic(), kafka.deadLetterTopic()))
          .forEach(
              (topic, time) ->
                  out().printf("  topic %s: %s%n", topic, time.map(this::after).orElse("never")));
    } catch (KafkaException e) {
      out().printf("  how long that is, is not known: %s%n", e.getMessage());
    }
  }

  private String after(Duration time) {
    return "after "
        + new io.airlift.units.Duration(time.toMillis(), TimeUnit.MILLISECONDS)
            .convertToMostSuccinctTimeUnit();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
