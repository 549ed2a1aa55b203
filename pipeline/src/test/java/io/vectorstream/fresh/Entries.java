package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.LedgerEntry;
import java.util.List;

/** Entries of the ledger, and events, for tests. */
final class Entries {
  static final String TOPIC = "topic-1";

  private static final Product MUG = new Product("mug", "Mug", "Of stoneware", "Kitchen", 8);

  private Entries() {}

  static BatchMark mark(String query, long number) {
    return new BatchMark(query, number, "ab");
  }

  /** An entry with a batch that reads partition 0 from and until these offsets. */
  static LedgerEntry entry(long revision, BatchMark mark, Stage stage, long from, long until) {
    return entry(revision, mark, stage, TOPIC, List.of(), new OffsetRange("t", 0, from, until));
  }

  static LedgerEntry entry(
      long revision,
      BatchMark mark,
      Stage stage,
      String topicId,
      List<BatchMark> finished,
      OffsetRange... ranges) {
    return new LedgerEntry(
        revision,
        1,
        "owner",
        "host",
        "2026-01-01T00:00:00Z",
        "model",
        1,
        LedgerEntry.ALL,
        new BegunBatch(mark, stage, 1, topicId, List.of(ranges)),
        finished);
  }

  /** An entry of a ledger on which no batch has begun. */
  static LedgerEntry noBatch(long revision) {
    return new LedgerEntry(
        revision, 1, "owner", "host", "", "model", 1, LedgerEntry.ALL, null, List.of());
  }

  static ShopEvent view(String id, String user, int partition, long offset) {
    long micros = 1_790_000_000_000_000L + offset;
    return new ShopEvent(
        partition,
        offset,
        micros,
        id,
        "2026-09-21T14:13:20Z",
        micros,
        user,
        EventType.VIEW,
        "my-session",
        MUG,
        null,
        null,
        "card",
        2.5,
        null);
  }
}
