package io.vectorstream.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byteman's rules for executors: each prints on standard output that it has loaded a model, and how
 * many texts it embeds, and it can be stopped at certain places.
 */
final class ExecutorRules {
  private static final String WRITTEN = "-WRITTEN";
  private static final String MODEL_LOADED = "MODEL LOADED";
  private static final Pattern TEXTS = Pattern.compile("TEXTS EMBEDDED (\\d+)");
  private static final Pattern STOPPED = Pattern.compile("STOPPED (\\w+) IN (\\d+)");

  private static final String RULES =
      """
      RULE a model is loaded
      CLASS io.vectorstream.embedding.EmbeddingService
      METHOD open(io.vectorstream.config.Settings$Embedding)
      AT EXIT
      IF TRUE
      DO traceln("%1$s")
      ENDRULE

      RULE texts are embedded
      CLASS io.vectorstream.embedding.TextBatches
      METHOD run(java.util.List,java.util.List)
      AT ENTRY
      IF TRUE
      DO traceln("TEXTS EMBEDDED " + $1.size())
      ENDRULE

      RULE stops while it stores events
      CLASS io.vectorstream.stream.EventWriter
      METHOD acknowledgeOldest
      AT EXIT
      BIND asked = new java.io.File("%2$s"); mine : boolean = asked.delete()
      IF mine
      DO traceln("STOPPED STORING_EVENTS IN " + ProcessHandle.current().pid()), delay(600000)
      ENDRULE

      RULE stops while it merges products
      CLASS io.vectorstream.store.ProductCollection
      METHOD store
      AT EXIT
      BIND asked = new java.io.File("%3$s"); mine : boolean = asked.delete()
      IF mine
      DO traceln("STOPPED MERGING_PRODUCTS IN " + ProcessHandle.current().pid()), delay(600000)
      ENDRULE

      RULE waits before it writes products
      CLASS io.vectorstream.store.ProductCollection
      METHOD store
      AT ENTRY
      BIND asked = new java.io.File("%4$s"); mine : boolean = asked.delete()
      IF mine
      DO flag("products"),
         traceln("STOPPED BEFORE_PRODUCTS IN " + ProcessHandle.current().pid()), delay(10000)
      ENDRULE

      RULE has written products late
      CLASS io.vectorstream.store.ProductCollection
      METHOD store
      AT EXIT
      BIND done = new java.io.File("%6$s")
      IF flagged("products")
      DO clear("products"), done.createNewFile()
      ENDRULE

      RULE waits before it writes users
      CLASS io.vectorstream.store.UserCollection
      METHOD store
      AT ENTRY
      BIND asked = new java.io.File("%5$s"); mine : boolean = asked.delete()
      IF mine
      DO flag("users"),
         traceln("STOPPED BEFORE_USERS IN " + ProcessHandle.current().pid()), delay(10000)
      ENDRULE

      RULE has written users late
      CLASS io.vectorstream.store.UserCollection
      METHOD store
      AT EXIT
      BIND done = new java.io.File("%7$s")
      IF flagged("users")
      DO clear("users"), done.createNewFile()
      ENDRULE
      """;

  /** The places where an executor can be stopped. */
  enum Place {
    STORING_EVENTS,
    MERGING_PRODUCTS,
    /** It has read sums of products, and waits for 10 s before it writes them back. */
    BEFORE_PRODUCTS,
    /** The same with users. */
    BEFORE_USERS
  }

  private final Path folder;
  private final Path rules;

  private ExecutorRules(Path folder, Path rules) {
    this.folder = folder;
    this.rules = rules;
  }

  static ExecutorRules write(Path folder) throws IOException {
    Path rules = folder.resolve("executors.btm");
    Files.writeString(
        rules,
        RULES.formatted(
            MODEL_LOADED,
            folder.resolve(Place.STORING_EVENTS.name()),
            folder.resolve(Place.MERGING_PRODUCTS.name()),
            folder.resolve(Place.BEFORE_PRODUCTS.name()),
            folder.resolve(Place.BEFORE_USERS.name()),
            folder.resolve(Place.BEFORE_PRODUCTS + WRITTEN),
            folder.resolve(Place.BEFORE_USERS + WRITTEN)));
    return new ExecutorRules(folder, rules);
  }

  /** The flag of the executors' JVMs. */
  String javaAgent() {
    Path byteman =
        Path.of(
            org.jboss.byteman.agent.Main.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    return "-javaagent:%s=script:%s".formatted(byteman, rules);
  }

  /** Stops the next executor that reaches the place, and no other. */
  void stopNextAt(Place place) throws IOException {
    Files.createFile(folder.resolve(place.name()));
  }

  /** Returns the process that was stopped there; 0 as long as there is none. */
  static long stoppedAt(Place place, String said) {
    return STOPPED
        .matcher(said)
        .results()
        .filter(stop -> stop.group(1).equals(place.name()))
        .mapToLong(stop -> Long.parseLong(stop.group(2)))
        .findFirst()
        .orElse(0);
  }

  /**
   * Returns whether the process that was stopped before a write has executed it. It is read from a
   * file: an executor's output goes through its worker, which may be stopped.
   */
  boolean hasWritten(Place place) {
    return Files.exists(folder.resolve(place + WRITTEN));
  }

  static long modelsLoaded(String said) {
    return Pattern.compile(MODEL_LOADED).matcher(said).results().count();
  }

  static long textsEmbedded(String said) {
    Matcher texts = TEXTS.matcher(said);
    return texts.results().mapToLong(text -> Long.parseLong(text.group(1))).sum();
  }
}
