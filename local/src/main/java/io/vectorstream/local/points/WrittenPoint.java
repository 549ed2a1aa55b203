package io.vectorstream.local.points;

import com.fasterxml.jackson.databind.JsonNode;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.ValueFactory;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A point to write.
 *
 * @param payload a JSON object
 * @param vector null for none
 */
public record WrittenPoint(UUID id, JsonNode payload, float[] vector) {

  PointStruct struct() {
    return PointStruct.newBuilder()
        .setId(PointIdFactory.id(id))
        .putAllPayload(fields(payload))
        .setVectors(
            vector == null ? VectorsFactory.namedVectors(Map.of()) : VectorsFactory.vectors(vector))
        .build();
  }

  private static Map<String, Value> fields(JsonNode object) {
    Map<String, Value> fields = new HashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
    return fields;
  }

  private static Value value(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> ValueFactory.value(fields(json));
      case ARRAY -> {
        List<Value> items = new ArrayList<>();
        json.forEach(item -> items.add(value(item)));
        yield ValueFactory.list(items);
      }
      case NUMBER ->
          json.isIntegralNumber()
              ? ValueFactory.value(json.longValue())
              : ValueFactory.value(json.doubleValue());
      case BOOLEAN -> ValueFactory.value(json.booleanValue());
      case NULL -> ValueFactory.nullValue();
      default -> ValueFactory.value(json.asText());
    };
  }
}
