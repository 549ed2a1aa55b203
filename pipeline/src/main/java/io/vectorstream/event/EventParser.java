package io.vectorstream.event;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Turns Kafka records into events, in Spark's own expressions, so that whatever runs those runs the
 * parser.
 *
 * <p>Every record comes out as one row with the columns of {@link EventRow}: an event if {@code
 * reason} is null, a dead letter otherwise. None is dropped.
 */
public final class EventParser {

  /** The event as it comes in JSON; all of it may be absent. */
  static final StructType SCHEMA =
      StructType.fromDDL(
          """
          event_id string, timestamp string, user_id string, event_type string, session_id string, \
          product struct<id string, name string, description string, category string, price double>, \
          quantity bigint, total_amount double, payment_method string, view_duration double, \
          search_query string, _malformed string""");

  /**
   * ISO-8601 with an offset and 0 to 9 fractional digits. Whether the day exists is for the cast to
   * say.
   */
  private static final String TIMESTAMP =
      "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$";

  private static final Map<String, String> JSON_OPTIONS =
      Map.of(
          "mode", "PERMISSIVE",
          "columnNameOfCorruptRecord", "_malformed",
          "allowNonNumericNumbers", "false");

  private EventParser() {}

  /**
   * Parses and validates.
   *
   * @param records rows as Spark's Kafka source gives them: key, value, topic, partition, offset,
   *     timestamp
   * @return one row a record, with the columns of {@link EventRow}
   */
  public static Dataset<Row> parse(Dataset<Row> records) {
    Column text = col("value").cast("string");
    return records
        .select(
            col("key"),
            col("value"),
            col("partition"),
            col("offset"),
            unix_micros(col("timestamp")).as("received_at"),
            text.as("text"),
            from_json(text, SCHEMA, JSON_OPTIONS).as("e"))
        .withColumn("event_time", unix_micros(eventTime()))
        .withColumn("reason", reason())
        .withColumn("detail", when(col("reason").isNotNull(), detail()))
        .withColumn("key", when(col("reason").isNotNull(), col("key")))
        .withColumn("value", when(col("reason").isNotNull(), col("value")))
        .select(
            col("*"),
            col("e.event_id"),
            col("e.timestamp"),
            col("e.user_id"),
            col("e.event_type"),
            col("e.session_id"),
            col("e.product.id").as("product_id"),
            col("e.product.name"),
            col("e.product.description"),
            col("e.product.category"),
            col("e.product.price"),
            col("e.quantity"),
            col("e.total_amount"),
            col("e.payment_method"),
            col("e.view_duration"),
            col("e.search_query"))
        .select(EventRow.columns());
  }

  /**
   * What sends all copies of an event to the same task: its id. Records without one go anywhere.
   */
  public static Column routingKey() {
    return coalesce(col("event_id"), col("offset").cast("string"));
  }

  /** Spark's cast wants seconds, ISO-8601 does not. Null if the text is no time. */
  private static Column eventTime() {
    return coalesce(
        expr("try_cast(e.timestamp as timestamp)"),
        expr(
            "try_cast(regexp_replace(e.timestamp, '^([^T]+T\\\\d{2}:\\\\d{2})(?!:)', '$1:00') as timestamp)"));
  }

  private static Column reason() {
    Column price = col("e.product.price");
    return when(col("text").isNull().or(blank()), code(Reason.EMPTY))
        .when(is_valid_utf8(col("text")).equalTo(false), code(Reason.INVALID_UTF8))
        .when(notAnObject(), code(Reason.NOT_JSON))
        .when(col("e._malformed").isNotNull(), code(Reason.WRONG_TYPE))
        .when(
            missing("e.event_id").or(missing("e.timestamp")).or(missing("e.user_id")),
            code(Reason.MISSING_FIELD))
        .when(missing("e.event_type").or(missing("e.session_id")), code(Reason.MISSING_FIELD))
        .when(
            col("event_time").isNull().or(col("e.timestamp").rlike(TIMESTAMP).equalTo(false)),
            code(Reason.INVALID_TIMESTAMP))
        .when(
            col("e.event_type").isin(EventType.names().toArray()).equalTo(false),
            code(Reason.UNKNOWN_EVENT_TYPE))
        .when(productNeeded().and(productIncomplete()), code(Reason.MISSING_FIELD))
        .when(
            price.lt(0).or(price.isNaN()).or(price.gt(Double.MAX_VALUE)),
            code(Reason.INVALID_PRICE));
  }

  /** A sentence for people; names what is missing, quotes what is wrong. */
  private static Column detail() {
    Column required =
        array_join(
            array_compact(
                array(
                    Stream.of("event_id", "timestamp", "user_id", "event_type", "session_id")
                        .map(name -> when(missing("e." + name), lit(name)))
                        .toArray(Column[]::new))),
            ", ");
    Column inProduct =
        array_join(
            array_compact(
                array(
                    Stream.of("id", "name", "price")
                        .map(name -> when(missing("e.product." + name), lit("product." + name)))
                        .toArray(Column[]::new))),
            ", ");
    Column missing =
        when(length(required).gt(0), required)
            .when(col("e.product").isNull(), lit("product"))
            .otherwise(inProduct);
    return when(is(Reason.MISSING_FIELD), concat(lit("missing or empty: "), missing))
        .when(
            is(Reason.INVALID_TIMESTAMP),
            concat(
                lit("timestamp is '"),
                col("e.timestamp"),
                lit("', expected ISO-8601 with an offset")))
        .when(
            is(Reason.UNKNOWN_EVENT_TYPE),
            concat(
                lit("event_type is '"),
                col("e.event_type"),
                lit("', expected one of " + String.join(", ", EventType.names()))))
        .when(
            is(Reason.INVALID_PRICE),
            concat(
                lit("product.price is "),
                col("e.product.price").cast("string"),
                lit(", expected a finite number of 0 or more")))
        .otherwise(meaning());
  }

  private static Column meaning() {
    Column meaning = lit(null).cast("string");
    for (Reason reason : Reason.values()) {
      meaning = when(is(reason), lit(reason.meaning())).otherwise(meaning);
    }
    return meaning;
  }

  /** Nearly every record begins with the brace: the regular expressions are for the others. */
  private static Column beginsAnObject() {
    return col("text").startsWith("{").or(col("text").rlike("^\\s*\\{"));
  }

  private static Column blank() {
    return col("text").startsWith("{").equalTo(false).and(col("text").rlike("^\\s*$"));
  }

  /** Spark's parser takes the first object of an array for a record; C1 does not. */
  private static Column notAnObject() {
    return beginsAnObject()
        .equalTo(false)
        .or(col("e").isNull())
        .or(col("e._malformed").isNotNull().and(expr("try_parse_json(text)").isNull()));
  }

  private static Column missing(String field) {
    Column value = col(field);
    return field.endsWith("price") ? value.isNull() : value.isNull().or(value.equalTo(""));
  }

  private static Column productNeeded() {
    return col("e.event_type")
        .notEqual(EventType.SEARCH.json())
        .or(col("e.product").isNotNull())
        .or(missing("e.search_query"));
  }

  private static Column productIncomplete() {
    return col("e.product")
        .isNull()
        .or(missing("e.product.id"))
        .or(missing("e.product.name"))
        .or(missing("e.product.price"));
  }

  private static Column code(Reason reason) {
    return lit(reason.code());
  }

  private static Column is(Reason reason) {
    return col("reason").equalTo(reason.code());
  }
}
