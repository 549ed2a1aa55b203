package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.MinuteState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The activity in the shop, one point a minute, by the time at which events count: the last hour is
 * sixty points read by their ids, however many events it had.
 */
public final class ActivityCollection {

  private static final long MICROS = TimeUnit.MINUTES.toMicros(1);

  private final VectorStore store;
  private final String collection;

  public ActivityCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().activity();
  }

  /** Returns the collection, over the connection for the work of batches. */
  public static ActivityCollection shared(Settings.Qdrant settings) {
    return new ActivityCollection(VectorStore.shared(settings));
  }

  /** Returns the states of these minutes, by minute; a minute without events is not in the map. */
  public Map<Long, MinuteState> states(List<Long> minutes) {
    return states(minutes, Fence.READER);
  }

  /**
   * Returns the same, for a writer that is going to change them.
   *
   * @throws FencedException if a later writer has written one of them
   */
  public Map<Long, MinuteState> states(List<Long> minutes, Fence fence) {
    List<RetrievedPoint> points =
        store.await(
            store.retrieve(
                collection,
                minutes.stream().map(minute -> PointIds.point(time(minute))).toList(),
                WithPayloadSelectorFactory.enable(true),
                WithVectorsSelectorFactory.enable(false)));
    Map<Long, MinuteState> states = new TreeMap<>();
    for (RetrievedPoint point : points) {
      fence.requireAdmits(point.getPayloadMap(), collection);
      MinuteState state = state(point.getPayloadMap());
      states.put(state.minute(), state);
    }
    return states;
  }

  /**
   * Writes minutes and waits until they are acknowledged. A minute that a later writer has written
   * stays as it is.
   */
  public void store(List<MinuteState> states, Fence fence) {
    store.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            .setUpdateFilter(fence.admits())
            .addAllPoints(states.stream().map(state -> point(state, fence)).toList()));
  }

  private static PointStruct point(MinuteState state, Fence fence) {
    Map<String, Value> payload = new HashMap<>();
    payload.put("minute", Payload.text(time(state.minute())));
    payload.put(Field.COUNTS, Payload.counts(state.counts()));
    Payload.putRevenue(payload, state.revenueUnits());
    payload.put(Field.BATCH, Payload.text(state.batch()));
    payload.put(Fence.FIELD, fence.value());
    return PointStruct.newBuilder()
        .setId(PointIds.point(time(state.minute())))
        .setVectors(PointVectors.of((float[]) null))
        .putAllPayload(payload)
        .build();
  }

  private static MinuteState state(Map<String, Value> payload) {
    return new MinuteState(
        Math.floorDiv(Times.micros(payload.get("minute").getStringValue()), MICROS),
        Payload.counts(payload.get(Field.COUNTS)),
        Payload.revenue(payload),
        payload.get(Field.BATCH).getStringValue());
  }

  private static String time(long minute) {
    return Times.iso(minute * MICROS);
  }
}
