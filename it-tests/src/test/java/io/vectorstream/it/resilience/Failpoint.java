package io.vectorstream.it.resilience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A place in the pipeline where a test can stop the process, to kill it exactly there. The code
 * does not know it: Byteman, a Java agent, adds a message and a wait to the method that is named
 * here.
 */
enum Failpoint {
  PARSING("org.apache.spark.sql.catalyst.json.JacksonParser", "parse", "ENTRY", 400),
  EVENTS_LOOKED_UP("io.vectorstream.stream.EventWriter", "withoutDuplicates", "EXIT", 6),
  BETWEEN_TWO_UPSERTS("io.vectorstream.stream.EventWriter", "acknowledgeOldest", "EXIT", 6),
  DEAD_LETTERS_UNCOMMITTED(
      "org.apache.kafka.clients.producer.KafkaProducer", "commitTransaction", "ENTRY", 1),
  DEAD_LETTERS_WRITTEN("io.vectorstream.event.DeadLetters", "write", "EXIT", 1),
  EVENTS_STORED("io.vectorstream.stream.MicroBatch", "mergeProducts", "ENTRY", 2),
  EMBEDDING("io.vectorstream.embedding.OnnxModel", "embed", "ENTRY", 2),
  REMOTE_EMBEDDING("io.vectorstream.embedding.RemoteModel", "embed", "EXIT", 2),
  PRODUCTS_UNWRITTEN("io.vectorstream.store.ProductCollection", "store", "ENTRY", 2),
  PRODUCTS_PARTLY_MERGED("io.vectorstream.store.ProductCollection", "store", "EXIT", 2),
  PAIRS_UNWRITTEN("io.vectorstream.store.PairCollection", "store", "ENTRY", 2),
  PAIRS_PARTLY_MERGED("io.vectorstream.store.PairCollection", "store", "EXIT", 2),
  PRODUCTS_MERGED("io.vectorstream.stream.MicroBatch", "mergeUsers", "ENTRY", 2),
  USERS_UNWRITTEN("io.vectorstream.store.UserCollection", "store", "ENTRY", 2),
  USERS_PARTLY_MERGED("io.vectorstream.store.UserCollection", "store", "EXIT", 2),
  USERS_MERGED("io.vectorstream.stream.ActivityMerger", "merge", "ENTRY", 2),
  ACTIVITY_UNWRITTEN("io.vectorstream.store.ActivityCollection", "store", "ENTRY", 1),
  ACTIVITY_MERGED("io.vectorstream.store.ActivityCollection", "store", "EXIT", 2),
  PENDING_INTERESTS_RESOLVED("io.vectorstream.stream.PendingEmbeddings", "resolve", "EXIT", 2),
  PRODUCT_LETTERS_WRITTEN("io.vectorstream.event.ProductLetters", "write", "EXIT", 4),
  LISTED_PRODUCTS_UNWRITTEN("io.vectorstream.feed.ListedProducts", "store", "ENTRY", 4),
  LISTED_PRODUCTS_WRITTEN("io.vectorstream.feed.ListedProducts", "store", "EXIT", 4),
  PRODUCT_OFFSETS_NOTED("io.vectorstream.store.ProductOffsets", "note", "EXIT", 4),
  COPIED_PRODUCTS_UNWRITTEN("io.vectorstream.migration.ProductCopy", "write", "ENTRY", 2),
  COPIED_PRODUCTS_WRITTEN("io.vectorstream.migration.ProductCopy", "write", "EXIT", 2),
  COPIED_USERS_UNWRITTEN("io.vectorstream.migration.UserCopy", "write", "ENTRY", 1),
  COPIED_USERS_WRITTEN("io.vectorstream.migration.UserCopy", "write", "EXIT", 1),
  COPY_NOTED("io.vectorstream.store.ModelRegister", "replace", "EXIT", 3),
  BEFORE_THE_COMMIT(
      "org.apache.spark.sql.execution.streaming.checkpointing.HDFSMetadataLog", "add", "ENTRY", 4);

  /** The places where sums have been read and changed, and not yet written back. */
  static final List<Failpoint> BEFORE_A_WRITE =
      List.of(PRODUCTS_UNWRITTEN, PAIRS_UNWRITTEN, USERS_UNWRITTEN, ACTIVITY_UNWRITTEN);

  /** The places that only a pipeline with a products topic reaches. */
  static final List<Failpoint> OF_THE_PRODUCTS_TOPIC =
      List.of(
          PRODUCT_LETTERS_WRITTEN,
          LISTED_PRODUCTS_UNWRITTEN,
          LISTED_PRODUCTS_WRITTEN,
          PRODUCT_OFFSETS_NOTED);

  /** The places that only a migration to another model reaches. */
  static final List<Failpoint> OF_A_MIGRATION =
      List.of(
          COPIED_PRODUCTS_UNWRITTEN,
          COPIED_PRODUCTS_WRITTEN,
          COPIED_USERS_UNWRITTEN,
          COPIED_USERS_WRITTEN,
          COPY_NOTED);

  /** The place that only a pipeline reaches whose texts a server embeds. */
  static final List<Failpoint> OF_A_REMOTE_MODEL = List.of(REMOTE_EMBEDDING);

  /** All other places. */
  static final List<Failpoint> OF_EVENTS =
      Arrays.stream(values())
          .filter(place -> !OF_THE_PRODUCTS_TOPIC.contains(place))
          .filter(place -> !OF_A_MIGRATION.contains(place))
          .filter(place -> !OF_A_REMOTE_MODEL.contains(place))
          .toList();

  private static final Duration FOR_GOOD = Duration.ofMinutes(10);

  /** The text that a stopped process prints before the failpoint's name. */
  static final String REACHED = "FAILPOINT ";

  private final String type;
  private final String method;
  private final String where;
  private final int mostHits;

  /**
   * @param mostHits the number of times that a process reaches the place, among which the test
   *     chooses
   */
  Failpoint(String type, String method, String where, int mostHits) {
    this.type = type;
    this.method = method;
    this.where = where;
    this.mostHits = mostHits;
  }

  int mostHits() {
    return mostHits;
  }

  /**
   * Writes Byteman's rules. Nothing counts before the first batch begins, because the warm-up
   * parses, too.
   *
   * @param hit the number of the time at which the process stops there
   */
  void writeRules(Path file, int hit) {
    writeRules(file, hit, FOR_GOOD);
  }

  /** Writes the same for a process that continues by itself after some time. */
  void writeRules(Path file, int hit, Duration stop) {
    String rules =
        """
        RULE armed
        CLASS io.vectorstream.stream.MicroBatch
        METHOD run
        AT ENTRY
        IF TRUE
        DO flag("armed")
        ENDRULE

        RULE %1$s
        CLASS %2$s
        METHOD %3$s
        AT %4$s
        IF flagged("armed") AND incrementCounter("hits") == %5$d
        DO traceln("%6$s%1$s"), delay(%7$d)
        ENDRULE
        """
            .formatted(name(), type, method, where, hit, REACHED, stop.toMillis());
    try {
      Files.writeString(file, rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
