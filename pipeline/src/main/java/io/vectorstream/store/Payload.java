package io.vectorstream.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qdrant.client.ValueFactory;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.event.EventField;
import io.vectorstream.merge.EventCounts;
import io.vectorstream.merge.Revenue;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parts that several kinds of payload have. Null fields are left out. */
final class Payload {

  private static final JsonMapper JSON = new JsonMapper();

  private Payload() {}

  static Value text(String value) {
    return ValueFactory.value(value);
  }

  static Value integer(long value) {
    return ValueFactory.value(value);
  }

  static Value number(double value) {
    return ValueFactory.value(value);
  }

  static Value flag(boolean value) {
    return ValueFactory.value(value);
  }

  static Value list(List<Value> values) {
    return Value.newBuilder().setListValue(ListValue.newBuilder().addAllValues(values)).build();
  }

  static Value struct(Map<String, Value> fields) {
    return Value.newBuilder().setStructValue(Struct.newBuilder().putAllFields(fields)).build();
  }

  /**
   * Returns many numbers as one text, Base64 of eight bytes each in network order, which spares a
   * message and an object for each.
   */
  static Value numbers(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
    bytes.asDoubleBuffer().put(numbers);
    return text(Base64.getEncoder().encodeToString(bytes.array()));
  }

  /** Reads what {@link #numbers} has written. */
  static double[] asNumbers(Value value) {
    byte[] bytes = Base64.getDecoder().decode(value.getStringValue());
    double[] numbers = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(numbers);
    return numbers;
  }

  /** Returns many texts as one, a JSON array, for the same reason. */
  static Value texts(List<String> texts) {
    try {
      return text(JSON.writeValueAsString(texts));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Reads what {@link #texts} has written. */
  static List<String> asTexts(Value value) {
    try {
      return List.of(JSON.readValue(value.getStringValue(), String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored list of texts cannot be read: " + value, e);
    }
  }

  static Value product(Product product) {
    Map<String, Value> fields = new HashMap<>();
    fields.put(EventField.PRODUCT_ID.json(), text(product.id()));
    fields.put(EventField.PRODUCT_NAME.json(), text(product.name()));
    fields.put(EventField.PRODUCT_PRICE.json(), number(product.price()));
    if (product.description() != null) {
      fields.put(EventField.PRODUCT_DESCRIPTION.json(), text(product.description()));
    }
    if (product.category() != null) {
      fields.put(EventField.PRODUCT_CATEGORY.json(), text(product.category()));
    }
    return struct(fields);
  }

  static Product product(Value value) {
    Map<String, Value> fields = value.getStructValue().getFieldsMap();
    Value description = fields.get(EventField.PRODUCT_DESCRIPTION.json());
    Value category = fields.get(EventField.PRODUCT_CATEGORY.json());
    return new Product(
        fields.get(EventField.PRODUCT_ID.json()).getStringValue(),
        fields.get(EventField.PRODUCT_NAME.json()).getStringValue(),
        description == null ? null : description.getStringValue(),
        category == null ? null : category.getStringValue(),
        asDouble(fields.get(EventField.PRODUCT_PRICE.json())));
  }

  /** Returns the product's id in a payload of which no more may have been asked for. */
  static String productId(Map<String, Value> payload) {
    return payload
        .get(Field.PRODUCT)
        .getStructValue()
        .getFieldsMap()
        .get(EventField.PRODUCT_ID.json())
        .getStringValue();
  }

  /** Writes the amount as a number, and all digits beside it if a number cannot hold them. */
  static void putRevenue(Map<String, Value> payload, BigInteger units) {
    payload.put("revenue", number(Revenue.amount(units)));
    String exact = Revenue.exactAmount(units);
    if (exact != null) {
      payload.put("revenue_exact", text(exact));
    }
  }

  /** Reads what {@link #putRevenue} wrote, in ten-thousandths. */
  static BigInteger revenue(Map<String, Value> payload) {
    Value exact = payload.get("revenue_exact");
    return Revenue.units(
        asDouble(payload.get("revenue")), exact == null ? null : exact.getStringValue());
  }

  static Value counts(EventCounts counts) {
    Map<String, Value> fields = new HashMap<>();
    counts.asMap().forEach((type, count) -> fields.put(type, integer(count)));
    return struct(fields);
  }

  static EventCounts counts(Value value) {
    EventCounts counts = new EventCounts();
    value
        .getStructValue()
        .getFieldsMap()
        .forEach((type, count) -> counts.add(EventType.of(type), count.getIntegerValue()));
    return counts;
  }

  /** Returns a number as a double: JSON's 5 and 5.0 are the same, and a store may return either. */
  static double asDouble(Value value) {
    return value.hasIntegerValue() ? value.getIntegerValue() : value.getDoubleValue();
  }
}
