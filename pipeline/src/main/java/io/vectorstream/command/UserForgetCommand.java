package io.vectorstream.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.event.Topics;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.process.Printable;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.LedgerEntry;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.UserErasure;
import io.vectorstream.store.VectorStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

/** The command that removes the stored data of users, for good. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Removes what is stored of users, and keeps anything from being stored again: neither new"
          + " events, nor copies, nor a replay, nor a lost checkpoint bring them back.",
      "Their events stay without user, session and search query, so that products keep their"
          + " counts. There is no way back.",
      "It may run beside the pipeline, and it may be run again. The exit status is 0 when nothing"
          + " of them can be written any more."
    })
public final class UserForgetCommand implements Callable<Integer> {
  private static final int ID_WIDTH = 80;
  private static final long BETWEEN_LOOKS_MS = 500;

  /** Java's replacement for a byte of an argument that is no character in the locale. */
  private static final char UNREADABLE = '\uFFFD';

  /** The character that some editors write before a text in UTF-8. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description =
          "The ids of users, as events have them. Put -- before one that begins with a hyphen.")
  private List<String> ids = List.of();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "A file with further ids in UTF-8, one a line; - for standard input. Other users of the"
              + " machine can see ids on the command line.")
  private String idsFile;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the pipeline to say that it stores nothing of them any more."
              + " Default: ${DEFAULT-VALUE}.")
  private int waitSeconds;

  @Option(
      names = "--no-pipeline",
      description =
          "Do not wait, because no pipeline runs on these collections. A pipeline that does run is"
              + " ended.")
  private boolean noPipeline;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (waitSeconds < 0) {
      throw new IllegalArgumentException("--wait is %d, expected 0 or more".formatted(waitSeconds));
    }
    Set<String> users = users();
    Settings given = options.load().withFilesRead();
    List<Settings> models;
    try (VectorStore store = VectorStore.connect(given.qdrant())) {
      store.check();
      models = ModelInUse.collections(given, store);
    }
    Settings settings = models.get(models.size() - 1);
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      requireFilled(store);
    }
    boolean done;
    // Where there are several copies, they have to agree about the request.
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      done = forget(models, store, users);
    }
    printKafka(settings.kafka());
    out().flush();
    return done ? 0 : 1;
  }

  private Set<String> users() {
    Set<String> users = new LinkedHashSet<>(ids);
    for (String id : users) {
      if (id.isEmpty()) {
        throw new IllegalArgumentException("ID is empty, expected the id of a user");
      }
      if (id.indexOf(UNREADABLE) >= 0) {
        throw new IllegalArgumentException(
            "ID is '%s', which this program could not read from its arguments; expected a locale with UTF-8 (LC_ALL=C.UTF-8)"
                .formatted(Printable.text(id, ID_WIDTH)));
      }
    }
    if (idsFile != null) {
      users.addAll(idsInFile());
    }
    users.stream().filter(UserForgetCommand::looksCopied).forEach(this::warn);
    if (users.isEmpty()) {
      throw new IllegalArgumentException("no ID is given; expected the id of a user, or --ids");
    }
    return users;
  }

  private List<String> idsInFile() {
    // Neither reader replaces bytes that are no UTF-8: the result would be another user's id.
    try (BufferedReader lines =
        idsFile.equals("-")
            ? new BufferedReader(new InputStreamReader(System.in, UTF_8.newDecoder()))
            : Files.newBufferedReader(Path.of(idsFile))) {
      List<String> found = new ArrayList<>();
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String id = ++number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
        if (id.chars().anyMatch(Character::isISOControl)) {
          throw new IllegalArgumentException(
              "--ids: '%s', line %d has a control character; expected a text file in UTF-8 with an id a line"
                  .formatted(Printable.text(idsFile, ID_WIDTH), number));
        }
        if (!id.isEmpty()) {
          found.add(id);
        }
      }
      return found;
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "--ids: '%s' cannot be read; expected a text file in UTF-8 with an id a line"
              .formatted(Printable.text(idsFile, ID_WIDTH)),
          e);
    }
  }

  /** Returns whether an id has what belongs to a list that it was copied from, more likely. */
  private static boolean looksCopied(String id) {
    boolean isQuoted =
        id.length() > 1 && (id.startsWith("\"") && id.endsWith("\"") || id.contains("\",\""));
    return isQuoted || !id.isBlank() && !id.equals(id.strip());
  }

  private void warn(String id) {
    spec.commandLine()
        .getErr()
        .printf(
            "The id '%s' begins or ends with blanks or quotes, which are taken for a part of it.%n",
            Printable.text(id, ID_WIDTH));
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

  /** Returns whether no write of these users' data is possible any more. */
  private boolean forget(List<Settings> models, VectorStore store, Set<String> users) {
    Settings settings = models.get(models.size() - 1);
    ForgetRegister register = new ForgetRegister(store);
    UserErasure erasure = new UserErasure(store);
    // Registered first, so that the pipeline finishes this if it is interrupted here.
    register.add(users);
    Set<String> stored = erasure.removeUsers(users);
    models.subList(0, models.size() - 1).forEach(model -> removeUsers(model, users));
    for (String user : users) {
      boolean wasStored = stored.contains(user);
      out()
          .printf(
              "User '%s' %s.%n",
              Printable.text(user, ID_WIDTH), wasStored ? "is removed" : "was not stored");
    }
    out().flush();
    if (noPipeline) {
      takeOver(settings);
    }
    long events = anonymise(erasure, users);
    if (noPipeline) {
      register.done(users);
    }
    Set<String> waiting = await(register, users);
    // And those that the present batch has stored.
    events += anonymise(erasure, users);
    out()
        .printf(
            "%,d events of %s have no user, no session and no search query any more; they still"
                + " count for their products.%n",
            events, named(users));
    printState(store, users, waiting);
    return waiting.isEmpty();
  }

  /** Removes the users of another model; the pipeline does it again before it forgets them. */
  private static void removeUsers(Settings model, Set<String> users) {
    try (VectorStore store = VectorStore.connectForWork(model.qdrant())) {
      new UserErasure(store).removeUsers(users);
    }
  }

  private static long anonymise(UserErasure erasure, Set<String> users) {
    return users.stream().mapToLong(erasure::anonymiseEvents).sum();
  }

  private static String named(Set<String> users) {
    return users.size() == 1 ? "the user" : "these users";
  }

  /** Takes over the ledger, so that a paused, unknown pipeline can begin no batch any more. */
  private static void takeOver(Settings settings) {
    try {
      Ledger.takeOver(settings.qdrant(), "user forget --no-pipeline");
    } finally {
      VectorStore.closeShared(settings.qdrant());
    }
  }

  /** Returns the users who are still being forgotten when the time is over. */
  private Set<String> await(ForgetRegister register, Set<String> users) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
    Set<String> waiting = register.waiting(users);
    while (!waiting.isEmpty() && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return waiting;
      }
      waiting = register.waiting(users);
    }
    return waiting;
  }

  private void printState(VectorStore store, Set<String> users, Set<String> waiting) {
    if (waiting.isEmpty()) {
      out().printf("Nothing of %s can be written any more.%n", named(users));
      return;
    }
    out()
        .printf(
            "Not finished: no pipeline has said within %d s that it stores nothing of %s any"
                + " more. One that runs says so after the batch in hand, and one that is started"
                + " next finishes this by itself; until then %s in collection '%s'. Run"
                + " this again to see; with --no-pipeline if none will be started.%n",
            waitSeconds,
            named(users),
            waiting.size() == 1 ? "the id stays" : waiting.size() + " ids stay",
            store.collections().state());
  }

  private void printKafka(Settings.Kafka kafka) {
    out()
        .println(
            "Kafka cannot delete single records. Those of forgotten users are not shown by this"
                + " program any more, and stay in Kafka until it deletes them:");
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
