package io.vectorstream.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** An event of this project's shape as the record of another program. */
final class ShapedEvents {

  private static final Map<String, String> GA4_EVENTS =
      Map.of("view", "view_item", "wishlist_add", "add_to_wishlist");

  private static final Map<String, String> SEGMENT_EVENTS =
      Map.of(
          "view", "Product Viewed",
          "add_to_cart", "Product Added",
          "remove_from_cart", "Product Removed",
          "purchase", "Order Completed",
          "wishlist_add", "Product Added to Wishlist",
          "search", "Products Searched");

  private static final Map<String, String> SNOWPLOW_ACTIONS =
      Map.of(
          "view", "product_view",
          "add_to_cart", "add_to_cart",
          "remove_from_cart", "remove_from_cart",
          "purchase", "transaction");

  private static final String CURRENCY = "EUR";

  private ShapedEvents() {}

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode spelledOtherwise(JsonNode event) {
    ObjectNode spelled = event.deepCopy();
    spelled.put("timestamp", micros(event));
    if (event.has("quantity")) {
      spelled.put("quantity", new BigDecimal(event.get("quantity").asText() + ".0"));
    }
    if (event.path("product").has("price")) {
      spelled.withObjectProperty("product").put("price", event.at("/product/price").asText());
    }
    return spelled;
  }

  static ObjectNode ga4(JsonNode event) {
    ObjectNode request = object();
    copy(event, "user_id", request, "client_id");
    request.put("timestamp_micros", micros(event));
    ObjectNode one = request.putArray("events").addObject();
    one.put("name", ga4Name(event));
    ObjectNode params = one.putObject("params");
    copy(event, "event_id", params, "event_id");
    copy(event, "session_id", params, "session_id");
    copy(event, "search_query", params, "search_term");
    copy(event, "payment_method", params, "payment_type");
    if (event.has("product")) {
      params.put("currency", CURRENCY);
      putGa4Item(event, params);
    }
    return request;
  }

  /** Writes what tells a row from others, of the same microsecond too, as a bundle's number. */
  static ObjectNode bigQuery(JsonNode event) {
    ObjectNode row = object();
    row.put("event_timestamp", Long.toString(micros(event)));
    row.put("event_name", ga4Name(event));
    copy(event, "user_id", row, "user_pseudo_id");
    UUID id = UUID.fromString(text(event, "event_id"));
    row.put("event_bundle_sequence_id", Long.toString(id.getMostSignificantBits() >>> 1));
    ObjectNode session = row.putArray("event_params").addObject();
    session.put("key", "ga_session_id");
    copy(event, "session_id", session.putObject("value"), "int_value");
    putGa4Param(event, "search_query", row, "search_term");
    putGa4Param(event, "payment_method", row, "payment_type");
    if (event.has("product")) {
      putGa4Item(event, row);
    }
    return row;
  }

  private static void putGa4Param(JsonNode event, String name, ObjectNode row, String key) {
    if (event.has(name)) {
      ObjectNode param = row.withArrayProperty("event_params").addObject();
      param.put("key", key);
      copy(event, name, param.putObject("value"), "string_value");
    }
  }

  private static String ga4Name(JsonNode event) {
    String type = type(event);
    return GA4_EVENTS.getOrDefault(type, type);
  }

  private static void putGa4Item(JsonNode event, ObjectNode to) {
    JsonNode product = event.path("product");
    ObjectNode item = to.putArray("items").addObject();
    copy(product, "id", item, "item_id");
    copy(product, "name", item, "item_name");
    copy(product, "category", item, "item_category");
    copy(product, "price", item, "price");
    copy(event, "quantity", item, "quantity");
  }

  static ObjectNode segment(JsonNode event) {
    ObjectNode call = object().put("type", "track");
    copy(event, "event_id", call, "messageId");
    copy(event, "timestamp", call, "timestamp");
    copy(event, "user_id", call, "userId");
    call.put("event", SEGMENT_EVENTS.get(type(event)));
    copy(event, "session_id", call.putObject("context"), "sessionId");
    ObjectNode properties = call.putObject("properties");
    copy(event, "search_query", properties, "query");
    copy(event, "payment_method", properties, "payment_method");
    JsonNode product = event.path("product");
    copy(product, "id", properties, "product_id");
    copy(product, "name", properties, "name");
    copy(product, "category", properties, "category");
    copy(product, "price", properties, "price");
    copy(event, "quantity", properties, "quantity");
    return call;
  }

  /** Returns a cart or an order; null for what Shopify has no webhook for. */
  static ObjectNode shopify(JsonNode event) {
    boolean isOrder = type(event).equals("purchase");
    if (!isOrder && !type(event).equals("add_to_cart")) {
      return null;
    }
    ObjectNode webhook = object();
    copy(event, isOrder ? "event_id" : "user_id", webhook, "id");
    if (isOrder) {
      webhook.put("order_number", 1);
      copy(event, "timestamp", webhook, "processed_at");
      copy(event, "session_id", webhook, "cart_token");
      copy(event, "user_id", webhook.putObject("customer"), "id");
      if (event.has("payment_method")) {
        webhook.putArray("payment_gateway_names").add(event.get("payment_method"));
      }
    } else {
      // A cart does not name its customer: its token stands for one.
      copy(event, "user_id", webhook, "token");
      copy(event, "timestamp", webhook, "updated_at");
    }
    JsonNode product = event.path("product");
    ObjectNode line = webhook.putArray("line_items").addObject();
    copy(event, "event_id", line, isOrder ? "id" : "key");
    copy(product, "id", line, "product_id");
    copy(product, "name", line, "title");
    line.put("price", product.path("price").asText());
    copy(event, "quantity", line, "quantity");
    return webhook;
  }

  /** Returns an enriched event; null for one that neither e-commerce nor site search has. */
  static ObjectNode snowplow(JsonNode event) {
    String action = SNOWPLOW_ACTIONS.get(type(event));
    boolean isSearch = type(event).equals("search");
    if (action == null && !isSearch) {
      return null;
    }
    ObjectNode enriched = object().put("event", "unstruct");
    copy(event, "event_id", enriched, "event_id");
    enriched.put(
        "derived_tstamp", text(event, "timestamp").replace('T', ' ').replaceFirst("Z$", ""));
    copy(event, "user_id", enriched, "user_id");
    copy(event, "session_id", enriched, "domain_sessionid");
    if (isSearch) {
      enriched
          .putObject("unstruct_event_com_snowplowanalytics_snowplow_site_search_1")
          .putArray("terms")
          .add(event.path("search_query"));
    } else {
      enriched
          .putObject(
              "unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1")
          .put("type", action);
    }
    if (event.has("product")) {
      JsonNode product = event.path("product");
      ObjectNode entity =
          enriched
              .putArray("contexts_com_snowplowanalytics_snowplow_ecommerce_product_1")
              .addObject()
              .put("currency", CURRENCY);
      for (String field : new String[] {"id", "name", "category", "price"}) {
        copy(product, field, entity, field);
      }
      copy(event, "quantity", entity, "quantity");
    }
    if (event.has("payment_method")) {
      copy(
          event,
          "payment_method",
          enriched
              .putArray("contexts_com_snowplowanalytics_snowplow_ecommerce_transaction_1")
              .addObject(),
          "payment_method");
    }
    return enriched;
  }

  private static long micros(JsonNode event) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text(event, "timestamp")));
  }

  private static String type(JsonNode event) {
    return text(event, "event_type");
  }

  private static String text(JsonNode event, String field) {
    return event.path(field).asText();
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String as) {
    JsonNode value = from.get(name);
    if (value != null) {
      to.set(as, value);
    }
  }
}
