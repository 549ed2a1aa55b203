package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A field with a payload index. Keyword indexes are kept on disk and answer exact matches; the
 * other types are listed with the collection and answered by looking at every point.
 *
 * @param id names the index on disk; never used twice
 * @param keys the path as UTF-8 keys, or null when it goes through arrays
 */
record IndexedField(String name, int id, PayloadSchemaInfo info, JsonPath path, List<byte[]> keys) {

  static IndexedField of(String name, int id, PayloadSchemaInfo info) {
    JsonPath path = JsonPath.parse(name);
    boolean plain = path.rest().stream().allMatch(step -> step.key() != null);
    List<byte[]> keys =
        plain
            ? Stream.concat(
                    Stream.of(path.first()), path.rest().stream().map(JsonPath.Segment::key))
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList()
            : null;
    return new IndexedField(name, id, info, path, keys);
  }

  boolean keptOnDisk() {
    return info.getDataType() == PayloadSchemaType.Keyword;
  }

  /** Tells whether points can be ordered by this field. */
  boolean hasOrder() {
    return switch (info.getDataType()) {
      case Integer, Float, Datetime -> true;
      default -> false;
    };
  }

  List<ByteString> keywords(StoredPayload payload) {
    if (keys != null) {
      return payload.keywords(keys);
    }
    return path.values(payload).stream()
        .flatMap(
            value ->
                value.hasListValue()
                    ? value.getListValue().getValuesList().stream()
                    : Stream.of(value))
        .filter(Value::hasStringValue)
        .map(Value::getStringValueBytes)
        .distinct()
        .toList();
  }
}
