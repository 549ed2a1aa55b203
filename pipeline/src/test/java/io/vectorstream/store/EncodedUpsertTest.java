package io.vectorstream.store;

import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Qdrant's own classes have to read the bytes that this project writes itself. */
class EncodedUpsertTest {

  private static final String LONG_TEXT = "İstanbul'da ılık bir gün 🌞 ".repeat(1000);

  @Test
  void what_it_writes_is_read_as_the_same_request() throws InvalidProtocolBufferException {
    UpsertPoints request =
        UpsertPoints.newBuilder()
            .setCollectionName("users")
            .setWait(true)
            .setOrdering(WriteOrdering.newBuilder().setType(WriteOrderingType.Medium))
            .setUpdateFilter(new Fence(7).admits())
            .setUpdateMode(UpdateMode.UpdateOnly)
            .setTimeout(9)
            .addPoints(
                point(1)
                    .putPayload("", value(""))
                    .putPayload("yes", value(true))
                    .putPayload("no", value(false))
                    .putPayload("none", nullValue())
                    .putPayload("zero", value(0))
                    .putPayload("least", value(Long.MIN_VALUE))
                    .putPayload("no number", value(Double.NaN))
                    .putPayload("long", value(LONG_TEXT))
                    .putPayload("empty list", list(List.of()))
                    .putPayload("empty object", Payload.struct(Map.of()))
                    .putPayload("unset", Value.getDefaultInstance())
                    .putPayload("nested", nested(6)))
            .addPoints(point(2))
            .addPoints(
                PointStruct.newBuilder()
                    .setId(PointIdFactory.id(3))
                    .setVectors(VectorsFactory.namedVectors(Map.of())))
            .build();

    assertThat(UpsertPoints.parseFrom(EncodedUpsert.of(request))).isEqualTo(request);
  }

  private static PointStruct.Builder point(int number) {
    return PointStruct.newBuilder()
        .setId(PointIdFactory.id(new UUID(0, number)))
        .setVectors(PointVectors.of(new float[] {0.6f, -0.8f}));
  }

  private static Value nested(int depth) {
    return depth == 0
        ? value("the innermost")
        : Payload.struct(
            Map.of("list", list(List.of(nested(depth - 1), value(depth), value(LONG_TEXT)))));
  }
}
