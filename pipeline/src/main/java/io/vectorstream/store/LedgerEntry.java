package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The content of the {@link Ledger} at one time.
 *
 * @param revision counts its changes
 * @param epoch counts the pipelines that have started on these collections
 * @param owner the process that may write; a new value for each start
 * @param host the name of that process for users
 * @param since when it started, ISO-8601
 * @param model the model of the stored vectors; empty if not recorded
 * @param pointIds the scheme by which point ids were derived: 0 if not recorded, which is the
 *     scheme of versions without a ledger
 * @param horizon events whose own time is before it, in seconds since 1970, are not known any more,
 *     and not counted: they may have been deleted. It never goes back, and does not move while a
 *     batch is unfinished
 * @param batch the batch that was begun last; null for none
 * @param finished the last batch of each query that another query has followed: the other query has
 *     completed it, and then changed the sums
 */
public record LedgerEntry(
    long revision,
    long epoch,
    String owner,
    String host,
    String since,
    String model,
    int pointIds,
    long horizon,
    BegunBatch batch,
    List<BatchMark> finished) {

  /** The finished queries that are kept: a lost checkpoint is restored within a few more. */
  private static final int MOST_FINISHED = 100;

  /** The horizon of a store that has deleted nothing: events of all times are known. */
  public static final long ALL = Long.MIN_VALUE / 4_000_000;

  static final PointId POINT = PointIds.point("vectorstream ledger");

  private static final String REVISION = "revision";
  private static final String OWNER = "owner";

  public LedgerEntry {
    finished = List.copyOf(finished);
  }

  static LedgerEntry first(long highestEpoch) {
    return new LedgerEntry(0, highestEpoch, "", "", "", "", 0, ALL, null, List.of());
  }

  LedgerEntry takenOverBy(String owner, String host, Instant now) {
    return new LedgerEntry(
        revision,
        epoch + 1,
        owner,
        host,
        now.toString(),
        model,
        pointIds,
        horizon,
        batch,
        finished);
  }

  LedgerEntry withRevision(long revision) {
    return new LedgerEntry(
        revision, epoch, owner, host, since, model, pointIds, horizon, batch, finished);
  }

  LedgerEntry withBatch(BegunBatch next) {
    return new LedgerEntry(
        revision, epoch, owner, host, since, model, pointIds, horizon, next, finishedBefore(next));
  }

  /** Returns the finished batches; a batch of another query completes the one begun last. */
  private List<BatchMark> finishedBefore(BegunBatch next) {
    if (batch == null || batch.mark().queryId().equals(next.mark().queryId())) {
      return finished;
    }
    List<BatchMark> all = new ArrayList<>(finished);
    all.removeIf(mark -> mark.queryId().equals(batch.mark().queryId()));
    all.add(batch.mark().whole());
    return all.subList(Math.max(0, all.size() - MOST_FINISHED), all.size());
  }

  /** Returns the last batch of a query that another query has followed. */
  public Optional<BatchMark> finished(String queryId) {
    return finished.stream().filter(mark -> mark.queryId().equals(queryId)).findFirst();
  }

  LedgerEntry with(String model, int pointIds) {
    return new LedgerEntry(
        revision, epoch, owner, host, since, model, pointIds, horizon, batch, finished);
  }

  /** Returns the same entry, with events known from this time on. */
  LedgerEntry withHorizon(long later) {
    return new LedgerEntry(
        revision,
        epoch,
        owner,
        host,
        since,
        model,
        pointIds,
        Math.max(horizon, later),
        batch,
        finished);
  }

  /** Returns the batch that was begun last. */
  public Optional<BegunBatch> begun() {
    return Optional.ofNullable(batch);
  }

  /** Returns the condition that the point still holds this very entry. */
  Filter isStillThere() {
    return Filter.newBuilder()
        .addMust(ConditionFactory.match(REVISION, revision))
        .addMust(ConditionFactory.matchKeyword(OWNER, owner))
        .build();
  }

  Map<String, Value> payload() {
    Map<String, Value> payload = new HashMap<>();
    payload.put(REVISION, integer(revision));
    payload.put("epoch", integer(epoch));
    payload.put(OWNER, text(owner));
    payload.put("host", text(host));
    payload.put("since", text(since));
    payload.put("model", text(model));
    payload.put("point_ids", integer(pointIds));
    payload.put("horizon", integer(horizon));
    payload.put(
        "finished", Payload.list(finished.stream().map(mark -> text(mark.toString())).toList()));
    if (batch != null) {
      payload.put("batch", text(batch.mark().toString()));
      payload.put("step", text(batch.stage().name().toLowerCase(Locale.ROOT)));
      payload.put("tries", integer(batch.tries()));
      payload.put("topic_id", text(batch.topicId()));
      payload.put(
          "ranges", Payload.list(batch.ranges().stream().map(LedgerEntry::payload).toList()));
    }
    return payload;
  }

  private static Value payload(OffsetRange range) {
    return Payload.struct(
        Map.of(
            "topic", text(range.topic()),
            "partition", integer(range.partition()),
            "from", integer(range.from()),
            "until", integer(range.until()),
            "end", integer(range.end())));
  }

  static LedgerEntry of(Map<String, Value> payload) {
    return new LedgerEntry(
        payload.get(REVISION).getIntegerValue(),
        payload.get("epoch").getIntegerValue(),
        payload.get(OWNER).getStringValue(),
        payload.get("host").getStringValue(),
        payload.get("since").getStringValue(),
        payload.get("model").getStringValue(),
        Math.toIntExact(payload.get("point_ids").getIntegerValue()),
        payload.containsKey("horizon") ? payload.get("horizon").getIntegerValue() : ALL,
        payload.containsKey("batch") ? batch(payload) : null,
        payload.get("finished").getListValue().getValuesList().stream()
            .map(mark -> BatchMark.parse(mark.getStringValue()).orElseThrow())
            .toList());
  }

  private static BegunBatch batch(Map<String, Value> payload) {
    String mark = payload.get("batch").getStringValue();
    return new BegunBatch(
        BatchMark.parse(mark)
            .orElseThrow(
                () ->
                    new StoreException(
                        "the ledger has a batch mark that cannot be read: '%s'".formatted(mark))),
        Stage.valueOf(payload.get("step").getStringValue().toUpperCase(Locale.ROOT)),
        Math.toIntExact(payload.get("tries").getIntegerValue()),
        payload.get("topic_id").getStringValue(),
        payload.get("ranges").getListValue().getValuesList().stream()
            .map(range -> range(range.getStructValue().getFieldsMap()))
            .toList());
  }

  private static OffsetRange range(Map<String, Value> fields) {
    return new OffsetRange(
        fields.get("topic").getStringValue(),
        Math.toIntExact(fields.get("partition").getIntegerValue()),
        fields.get("from").getIntegerValue(),
        fields.get("until").getIntegerValue(),
        fields.get("end").getIntegerValue());
  }
}
