package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory of how far the products topic is applied: one point beside the {@link Ledger}. What is
 * before these offsets is stored. A pipeline that was replaced may put an earlier state back; what
 * is read again then changes nothing.
 */
public final class ProductOffsets {

  private static final PointId POINT = PointIds.point("vectorstream products topic");

  private static final String TOPIC_ID = "topic_id";
  private static final String NEXT = "next";

  private final StatePoint point;

  /** Uses the connection that all batches of this JVM share. */
  public ProductOffsets(Settings.Qdrant settings) {
    this.point = new StatePoint(VectorStore.shared(settings), POINT);
  }

  /**
   * Returns the offsets of the next records to apply, by partition; none for a topic that was never
   * read, or not since it was created again.
   *
   * @param topicId Kafka's id of the topic
   */
  public Map<Integer, Long> of(String topicId) {
    Map<Integer, Long> next = new HashMap<>();
    point
        .read(WithPayloadSelectorFactory.enable(true))
        .filter(payload -> payload.get(TOPIC_ID).getStringValue().equals(topicId))
        .ifPresent(
            payload ->
                payload
                    .get(NEXT)
                    .getStructValue()
                    .getFieldsMap()
                    .forEach(
                        (partition, offset) ->
                            next.put(Integer.valueOf(partition), offset.getIntegerValue())));
    return next;
  }

  /** Notes that everything before these offsets is stored. */
  public void note(String topicId, Map<Integer, Long> next) {
    Map<String, Value> offsets = new HashMap<>();
    next.forEach((partition, offset) -> offsets.put(partition.toString(), Payload.integer(offset)));
    point.put(Map.of(TOPIC_ID, Payload.text(topicId), NEXT, Payload.struct(offsets)));
  }
}
