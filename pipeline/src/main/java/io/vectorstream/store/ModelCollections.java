package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * A model, and the collections that its vectors are in.
 *
 * @param model as it is stored with each vector
 * @param dimension floats in a vector
 * @param products the collection of products
 * @param users the collection of users
 * @param settings what loads the model, by the settings' names; empty if no pipeline has told it
 */
public record ModelCollections(
    String model, int dimension, String products, String users, Map<String, String> settings) {

  public ModelCollections {
    settings = Map.copyOf(settings);
  }

  ModelCollections with(Map<String, String> settings) {
    return new ModelCollections(model, dimension, products, users, settings);
  }

  Value value() {
    Map<String, Value> values = new HashMap<>();
    settings.forEach((name, value) -> values.put(name, text(value)));
    return Payload.struct(
        Map.of(
            "model", text(model),
            "dimension", integer(dimension),
            "products", text(products),
            "users", text(users),
            "settings", Payload.struct(values)));
  }

  static ModelCollections of(Value value) {
    Map<String, Value> fields = value.getStructValue().getFieldsMap();
    Map<String, String> settings = new HashMap<>();
    fields
        .get("settings")
        .getStructValue()
        .getFieldsMap()
        .forEach((name, setting) -> settings.put(name, setting.getStringValue()));
    return new ModelCollections(
        fields.get("model").getStringValue(),
        Math.toIntExact(fields.get("dimension").getIntegerValue()),
        fields.get("products").getStringValue(),
        fields.get("users").getStringValue(),
        settings);
  }
}
