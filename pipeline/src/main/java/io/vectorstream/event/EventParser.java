package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.try_to_timestamp;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.vectorstream.shop.EventType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The parser of Kafka records into events, made of Spark's own expressions, so that it runs
 * wherever Spark does, a GPU included.
 *
 * <p>Every record becomes one row with the columns of {@link EventRow}; none is dropped. The
 * expressions recognise good events only. They mark any other record as doubtful and keep its
 * bytes; {@link StrictEventParser}, called by {@link EventRow#read}, decides whether it is an event
 * or a dead letter. So most records cost no more than Spark's parser, and one set of rules judges
 * unusual ones.
 *
 * <p>The expressions contain nothing that differs from batch to batch, such as the batch's time:
 * Spark would generate, and Java compile, other code for each.
 *
 * <p>There are two steps. {@link #prepare} works on bytes and belongs to the scan, where the bytes
 * are; {@link #parse} works on texts and numbers only, which a GPU can do.
 */
public final class EventParser {

  /** The engine that evaluates Spark's expressions. */
  public enum Processor {
    CPU,
    /**
     * The RAPIDS Accelerator. Its JSON parser does not report that a field has another type than
     * expected, and treats fields that occur twice in its own way; see {@link GpuJson}.
     */
    GPU
  }

  /** 0000-01-01T00:00:00Z, in microseconds since 1970. */
  static final long EARLIEST_MICROS = -62_167_219_200_000_000L;

  /** 9999-12-31T23:59:59.999999Z, likewise. */
  static final long LATEST_MICROS = 253_402_300_799_999_999L;

  /**
   * The name of a field that shows where the first object ends. Spark's parser takes the first JSON
   * value of a text and ignores what follows. So the last brace is replaced by this field and a
   * brace: only if that brace closes the first object does the object have the field. The name is
   * random, so that no text can contain it.
   */
  private static final String LAST = Long.toHexString(UUID.randomUUID().getMostSignificantBits());

  private static final StructType WITH_LAST = schema().add(LAST, DataTypes.BooleanType);

  private static final String MALFORMED = "_malformed";

  private static final Map<String, String> JSON_OPTIONS =
      Map.of(
          "mode",
          "PERMISSIVE",
          "columnNameOfCorruptRecord",
          MALFORMED,
          "allowNonNumericNumbers",
          "false",
          "allowSingleQuotes",
          "false",
          "maxNestingDepth",
          Integer.toString(JsonFields.DEEPEST),
          "maxNumLen",
          Integer.toString(JsonFields.LONGEST_NUMBER),
          "maxStringLen",
          Integer.toString(JsonFields.LONGEST_TEXT));

  /**
   * The pattern of ISO-8601 with seconds and an offset. The cast decides whether the day exists; it
   * also reads other spellings.
   */
  private static final String TIMESTAMP =
      "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$";

  /** The first characters of an object, an array and a quoted infinity; see {@link #isText}. */
  private static final Object[] NO_TEXT_BEGINS = {"{", "[", "\""};

  /** The same, and the first characters of numbers and booleans. */
  private static final Object[] UNUSUAL_BEGINNINGS =
      Stream.concat(
              Arrays.stream(NO_TEXT_BEGINS), "-0123456789tf".chars().mapToObj(Character::toString))
          .toArray();

  /** The fields of which {@link #certain} says more than that they have the right type. */
  private static final Set<EventField> WITH_RULES_OF_THEIR_OWN =
      Set.of(EventField.TIMESTAMP, EventField.EVENT_TYPE, EventField.PRODUCT_PRICE);

  private EventParser() {}

  /**
   * Runs the first step, for the scan.
   *
   * @param records rows as Spark's Kafka source gives them: key, value, topic, partition, offset,
   *     timestamp
   */
  public static Dataset<Row> prepare(Dataset<Row> records) {
    Column text = col("value").cast("string");
    return records.select(
        col("value"),
        col("partition"),
        col("offset"),
        unix_micros(col("timestamp")).as("received_at"),
        withLast().as("json"),
        text.endsWith("}").and(is_valid_utf8(text)).as("sound"));
  }

  /**
   * Runs the second step.
   *
   * @param prepared the result of {@link #prepare}
   * @return one row a record, with the columns of {@link EventRow}
   */
  public static Dataset<Row> parse(Dataset<Row> prepared, Processor target) {
    StructType schema =
        target == Processor.CPU ? WITH_LAST.add(MALFORMED, DataTypes.StringType) : WITH_LAST;
    return prepared
        .select(
            col("value"),
            col("partition"),
            col("offset"),
            col("received_at"),
            col("json"),
            col("sound"),
            from_json(col("json"), schema, JSON_OPTIONS).as("e"))
        .withColumn("event_time", try_to_timestamp(read(EventField.TIMESTAMP)))
        .withColumn("doubtful", coalesce(not(certain(target)), lit(true)))
        .withColumn("value", when(col("doubtful"), col("value")))
        .select(EventRow.columns("e"));
  }

  /**
   * Returns the event's id, which sends all its copies to one task; records without an id go to
   * any.
   */
  public static Column routingKey() {
    return coalesce(col(EventField.EVENT_ID.column()), col("offset").cast("string"));
  }

  /** Returns the schema of an event in JSON; all of it may be absent. */
  private static StructType schema() {
    return schema(false).add(EventField.PRODUCT, schema(true));
  }

  private static StructType schema(boolean product) {
    StructType schema = new StructType();
    for (EventField field : EventField.of(product)) {
      schema = schema.add(field.json(), type(field));
    }
    return schema;
  }

  /** Returns the type of a field's column in Spark. */
  static DataType type(EventField field) {
    return switch (field.type()) {
      case TEXT -> DataTypes.StringType;
      case WHOLE_NUMBER -> DataTypes.LongType;
      case NUMBER -> DataTypes.DoubleType;
    };
  }

  /** Returns a field as Spark's parser has read it. */
  private static Column read(EventField field) {
    return col("e." + field.path());
  }

  /** Returns a column that is true only for a good event, and false or null otherwise. */
  private static Column certain(Processor target) {
    return isOneObject()
        .and(target == Processor.CPU ? col("e").getField(MALFORMED).isNull() : GpuJson.certain())
        .and(hasNoEscapedSurrogate())
        .and(hasRequiredFields())
        .and(hasTime())
        .and(read(EventField.EVENT_TYPE).isin(EventType.names().toArray()))
        .and(hasProduct())
        .and(hasFiniteNumbers())
        .and(hasTextsWhereExpected());
  }

  /** Appends the field {@link #LAST} to bytes, because counting characters would take time. */
  private static Column withLast() {
    Column allButLast = substring(col("value"), lit(1), octet_length(col("value")).minus(1));
    return concat(allButLast, lit((",\"" + LAST + "\":true}").getBytes(UTF_8))).cast("string");
  }

  private static Column isOneObject() {
    return col("e").getField(LAST).and(col("json").startsWith("{")).and(col("sound"));
  }

  /** Excludes half of a surrogate pair, which would be decoded as a question mark. */
  private static Column hasNoEscapedSurrogate() {
    return not(col("json").contains("\\u"));
  }

  private static Column hasRequiredFields() {
    return read(EventField.EVENT_ID)
        .notEqual("")
        .and(read(EventField.USER_ID).notEqual(""))
        .and(read(EventField.SESSION_ID).notEqual(""));
  }

  private static Column hasTime() {
    return read(EventField.TIMESTAMP)
        .rlike(TIMESTAMP)
        .and(endsAsATimeDoes())
        .and(col("event_time").between(instant(EARLIEST_MICROS), instant(LATEST_MICROS)));
  }

  /** Checks the last character, because the end of the pattern also matches before a line break. */
  private static Column endsAsATimeDoes() {
    return read(EventField.TIMESTAMP)
        .endsWith("Z")
        .or(read(EventField.TIMESTAMP).substr(-3, 1).equalTo(":"));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Column hasProduct() {
    Column complete =
        read(EventField.PRODUCT_ID)
            .notEqual("")
            .and(read(EventField.PRODUCT_NAME).notEqual(""))
            .and(read(EventField.PRODUCT_PRICE).between(0, Double.MAX_VALUE));
    Column notNeeded =
        read(EventField.EVENT_TYPE)
            .equalTo(EventType.SEARCH.json())
            .and(read(EventField.SEARCH_QUERY).notEqual(""));
    return when(col("e").getField(EventField.PRODUCT).isNull(), notNeeded).otherwise(complete);
  }

  private static Column isFinite(EventField field) {
    return abs(read(field)).leq(Double.MAX_VALUE);
  }

  private static Column hasTextsWhereExpected() {
    return all(
        EventField.all()
            .filter(field -> field.type() == EventField.Type.TEXT)
            .filter(field -> !WITH_RULES_OF_THEIR_OWN.contains(field))
            .map(field -> field.isId() ? isText(field) : beginsWithALetter(field)));
  }

  private static Column hasFiniteNumbers() {
    return all(
        EventField.all()
            .filter(field -> field.type() == EventField.Type.NUMBER)
            .filter(field -> !WITH_RULES_OF_THEIR_OWN.contains(field))
            .map(EventParser::isFinite));
  }

  /** Returns whether all of these hold; one about a field that is absent does. */
  private static Column all(Stream<Column> certain) {
    return certain.map(each -> coalesce(each, lit(true))).reduce(Column::and).orElseThrow();
  }

  /**
   * Excludes JSON that is no text. Where Spark expects a text, it takes any other JSON too, and
   * writes it in its own way: whole numbers except -0 unchanged, other numbers with a decimal
   * point.
   */
  private static Column isText(EventField field) {
    return not(read(field).substr(1, 1).isin(NO_TEXT_BEGINS))
        .and(not(read(field).isin("true", "false", "0")))
        .and(not(read(field).contains(".")));
  }

  /** Needs less code and time than {@link #isText}, for fields that are mostly words. */
  private static Column beginsWithALetter(EventField field) {
    return not(read(field).substr(1, 1).isin(UNUSUAL_BEGINNINGS));
  }
}
