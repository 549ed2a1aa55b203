package io.vectorstream.it;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.util.concurrent.Futures;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.vectorstream.config.Settings;
import io.vectorstream.store.PointVectors;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The content of the store, read with the official client and without the pipeline's own code. */
public final class Stored implements AutoCloseable {
  private static final int PAGE = 1000;

  private final QdrantClient client;
  private final Settings.Collections collections;

  /**
   * A point as it was read.
   *
   * @param payload with every number as a double: JSON has no other, and a server may answer 5 or
   *     5.0
   * @param vector null if it has none
   */
  public record Point(UUID id, ObjectNode payload, float[] vector) {

    public String text(String field) {
      return payload.get(field).textValue();
    }

    /** Counts by event type, those of 0 left out. */
    public Map<String, Long> counts() {
      return payload.get("counts").properties().stream()
          .filter(count -> count.getValue().longValue() != 0)
          .collect(toMap(Map.Entry::getKey, count -> count.getValue().longValue()));
    }
  }

  public Stored(Services services, Settings.Collections collections) {
    // A page of points may have several texts of a megabyte.
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(services.qdrantHost(), services.qdrantPort())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    QdrantGrpcClient.Builder grpc = QdrantGrpcClient.newBuilder(channel, true, false);
    this.client =
        new QdrantClient(
            (services.apiKey().isEmpty() ? grpc : grpc.withApiKey(services.apiKey())).build());
    this.collections = collections;
  }

  public QdrantClient client() {
    return client;
  }

  public Map<UUID, Point> events() {
    return points(collections.events());
  }

  /** Passes the events on one after another, not all of them at once. */
  public void forEachEvent(Consumer<Point> action) {
    forEach(collections.events(), action);
  }

  /** Returns when Kafka took each event, as far as the pipeline trusts that, by the event's id. */
  public Map<String, Instant> takenAt() {
    Map<String, Instant> times = new HashMap<>();
    forEachEvent(
        event -> {
          // Events of forgotten users may not have an id.
          if (event.payload().has("event_id")) {
            times.put(event.text("event_id"), Instant.parse(event.text("ingested_at")));
          }
        });
    return times;
  }

  /** By the product's own id. */
  public Map<String, Point> products() {
    return by(collections.products(), point -> point.payload().at("/product/id").textValue());
  }

  /** By the user's own id; those that are forgotten have none. */
  public Map<String, Point> users() {
    return points(collections.users()).values().stream()
        .filter(point -> point.payload().has("user_id"))
        .collect(toMap(point -> point.text("user_id"), point -> point));
  }

  /** Every point of every collection. */
  public List<Point> everything() {
    return Stream.of(
            collections.products(),
            collections.events(),
            collections.users(),
            collections.activity(),
            collections.pairs(),
            collections.state())
        .flatMap(collection -> points(collection).values().stream())
        .toList();
  }

  /** Returns the pairs of each product, by its id. */
  public Map<String, Point> pairs() {
    return by(collections.pairs(), point -> point.text("product_id"));
  }

  /** Returns the activity of each minute, by its beginning. */
  public Map<Instant, Point> minutes() {
    return points(collections.activity()).values().stream()
        .collect(toMap(point -> Instant.parse(point.text("minute")), point -> point));
  }

  public long countEvents() {
    return Futures.getUnchecked(client.countAsync(collections.events()));
  }

  /** Products and users that wait for an embedding. */
  public long countPending() {
    return count(collections.products(), ConditionFactory.match("embedding_pending", true))
        + count(collections.users(), ConditionFactory.match("queries_pending", true))
        + count(
            collections.users(),
            ConditionFactory.filter(
                Filter.newBuilder()
                    .addMustNot(ConditionFactory.isEmpty("interest.pending_products[].text_hash"))
                    .build()));
  }

  private long count(String collection, Condition condition) {
    return Futures.getUnchecked(
        client.countAsync(collection, Filter.newBuilder().addMust(condition).build(), true));
  }

  private Map<String, Point> by(String collection, Function<Point, String> id) {
    return points(collection).values().stream().collect(toMap(id, point -> point));
  }

  private Map<UUID, Point> points(String collection) {
    Map<UUID, Point> points = new HashMap<>();
    forEach(collection, point -> points.put(point.id(), point));
    return points;
  }

  private void forEach(String collection, Consumer<Point> action) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .setWithVectors(WithVectorsSelectorFactory.enable(true));
    ScrollResponse page;
    do {
      page = Futures.getUnchecked(client.scrollAsync(request.build()));
      page.getResultList().forEach(point -> action.accept(point(point)));
      request.setOffset(page.getNextPageOffset());
    } while (page.hasNextPageOffset());
  }

  private static Point point(RetrievedPoint point) {
    return new Point(
        UUID.fromString(point.getId().getUuid()),
        object(point.getPayloadMap()),
        PointVectors.of(point));
  }

  private static ObjectNode object(Map<String, Value> fields) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    fields.forEach((name, value) -> object.set(name, json(value)));
    return object;
  }

  private static JsonNode json(Value value) {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE -> object(value.getStructValue().getFieldsMap());
      case LIST_VALUE -> list(value.getListValue().getValuesList());
      case STRING_VALUE -> TextNode.valueOf(value.getStringValue());
      case INTEGER_VALUE -> DoubleNode.valueOf(value.getIntegerValue());
      case DOUBLE_VALUE -> DoubleNode.valueOf(value.getDoubleValue());
      case BOOL_VALUE -> BooleanNode.valueOf(value.getBoolValue());
      case NULL_VALUE, KIND_NOT_SET -> NullNode.getInstance();
    };
  }

  private static ArrayNode list(List<Value> values) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> list.add(json(value)));
    return list;
  }

  /** The same JSON with every number as a double, to be compared with a payload. */
  public static JsonNode asStored(JsonNode sent) {
    if (sent.isNumber()) {
      return DoubleNode.valueOf(sent.doubleValue());
    }
    if (!sent.isObject()) {
      return sent;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    sent.properties().forEach(field -> object.set(field.getKey(), asStored(field.getValue())));
    return object;
  }

  @Override
  public void close() {
    client.close();
  }
}
