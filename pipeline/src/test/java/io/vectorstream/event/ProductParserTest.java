package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.shop.Product;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the records of the products topic. */
class ProductParserTest {

  private static final Product LAMP = new Product("7", "Lamp", "Of oak", "Home", 12.5);
  private static final String ROW =
      "{'id': 7, 'name': 'Lamp', 'description': 'Of oak', 'category': 'Home', 'price': 12.5}";

  @Test
  void a_product_is_a_new_version_with_its_place_and_time() throws Exception {
    assertThat(parse("7", ROW))
        .isEqualTo(new ProductRecord(3, 42, 1_700_000_000_000L, "7", LAMP, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "{'schema': null, 'payload': %s}",
        "{'before': null, 'after': %s, 'source': {'table': 'p'}, 'op': 'c', 'ts_ms': 1}",
        "{'before': {'id': 7}, 'after': %s, 'op': 'u', 'ts_ms': 1}",
        "{'after': %s, 'op': 'r'}",
        "{'schema': {'type': 'struct'}, 'payload': {'before': null, 'after': %s, 'op': 'c'}}"
      })
  void it_comes_as_it_is_or_as_a_change_of_a_table_with_or_without_a_schema(String form)
      throws Exception {
    assertThat(parse(null, form.formatted(ROW)).product()).isEqualTo(LAMP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "7; ",
        "'7'; ",
        "{'id': 7}; ",
        "{'product_id': '7'}; ",
        "{'id': '7', 'shop': 'x'}; ",
        "{'schema': {}, 'payload': {'id': 7}}; ",
        "{'schema': null, 'payload': '7'}; ",
        "7; {'schema': null, 'payload': null}",
        "7; {'before': null, 'after': null, 'op': 'd'}",
        "other; {'before': {'id': 7, 'name': 'Lamp'}, 'after': null, 'op': 'd', 'ts_ms': 1}",
        "; {'schema': {}, 'payload': {'before': {'id': 7}, 'after': null, 'op': 'd'}}",
        "; {'id': 7, 'name': null, '__deleted': 'true'}"
      })
  void a_record_without_a_value_and_a_deletion_retire_the_product(String key, String value)
      throws Exception {
    ProductRecord record = parse(key, value);

    assertThat(record.isRetirement()).isTrue();
    assertThat(record.productId()).isEqualTo("7");
    assertThat(record.available()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "false, false",
    "1, true",
    "0, false",
    "'\"false\"', false",
    "'\"TRUE\"', true",
    "null, true"
  })
  void what_is_not_available_says_so_in_the_words_of_a_shop_or_a_database(
      String written, boolean available) throws Exception {
    ProductRecord record =
        parse(null, "{'id': '7', 'name': 'Lamp', 'price': 1, 'available': " + written + "}");

    assertThat(record.available()).isEqualTo(available);
    assertThat(record.isRetirement()).isFalse();
  }

  /** Base64 of 1250 and of -1250 as Debezium writes the decimals 12.50 and -12.50. */
  @Test
  void a_decimal_comes_as_a_text_or_as_debezium_writes_it() throws Exception {
    String schema =
        "{'fields': [{'field': 'before'}, {'field': 'after', 'fields': [{'field': 'price',"
            + " 'type': 'bytes', 'name': 'org.apache.kafka.connect.data.Decimal',"
            + " 'parameters': {'scale': '2'}}]}]}";
    String change =
        "{'schema': %s, 'payload': {'after': {'id': '7', 'name': 'Lamp', 'price': '%s'}, 'op':"
            + " 'u'}}";
    String row = "{'id': '7', 'name': 'Lamp', 'price': %s}";

    assertThat(parse(null, change.formatted(schema, "BOI=")).product().price()).isEqualTo(12.5);
    assertThat(parse(null, row.formatted("{'scale': 2, 'value': 'BOI='}")).product().price())
        .isEqualTo(12.5);
    assertThat(parse(null, row.formatted("' 12.50 '")).product().price()).isEqualTo(12.5);
    assertBroken(
        null, change.formatted(schema, "+x4="), Reason.INVALID_PRICE, "expected a finite number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; ; EMPTY; neither a value nor a key",
        "{'shop': 'x', 'shelf': 1}; ; MISSING_FIELD; its key has no id",
        "{'id': {}}; ; WRONG_TYPE; id is an object",
        "; nonsense; NOT_JSON; is not JSON",
        "; {'id': '7'} x; NOT_JSON; is not JSON",
        "; [1]; NOT_JSON; an array, expected one JSON object",
        "; {'name': 'Lamp'}; MISSING_FIELD; missing or empty: id, price",
        "; {'id': '', 'name': ' ', 'price': 1}; MISSING_FIELD; missing or empty: id, name",
        "; {'id': 1.5, 'name': 'Lamp', 'price': 1}; WRONG_TYPE; id is a number",
        "; {'id': 1, 'name': ['Lamp'], 'price': 1}; WRONG_TYPE; name is an array",
        "; {'id': 1, 'name': 'Lamp', 'price': 'cheap'}; WRONG_TYPE; price is 'cheap'",
        "; {'id': 1, 'name': 'Lamp', 'price': true}; WRONG_TYPE; price is true or false",
        "; {'id': 1, 'name': 'Lamp', 'price': -1}; INVALID_PRICE; price is -1",
        "; {'id': 1, 'name': 'Lamp', 'price': 1e999}; INVALID_PRICE; finite",
        "; {'id': 1, 'name': 'Lamp', 'price': 1, 'available': 'soon'}; WRONG_TYPE; true or false",
        "; {'id': 1, 'name': '\\ud800', 'price': 1}; INVALID_UTF8; half a surrogate",
        "; {'after': null, 'op': 'c'}; WRONG_TYPE; after is null",
        "; {'before': null, 'after': null, 'op': 't'}; WRONG_TYPE; op is 't'",
        "; {'payload': 7}; WRONG_TYPE; payload is a whole number"
      })
  void what_is_no_product_says_what_is_wrong(
      String key, String value, Reason reason, String detail) {
    assertBroken(key, value, reason, detail);
  }

  /**
   * Whatever the bytes are, a record is a product, a retirement, or a dead letter with a reason.
   */
  @Test
  void damaged_records_say_what_is_wrong_and_never_fail_otherwise() {
    List<String> values =
        List.of(
            ROW,
            "{'schema': {'fields': [{'field': 'after', 'fields': [{'field': 'price', 'parameters':"
                + " {'scale': '2'}}]}]}, 'payload': {'after': {'id': '7', 'name': 'Lamp', 'price':"
                + " 'BOI='}, 'op': 'u'}}",
            "{'before': {'id': 7}, 'after': null, 'op': 'd', '__deleted': 'false'}");
    Random random = new Random(42);
    int products = 0;
    int broken = 0;
    for (int i = 0; i < 30_000; i++) {
      byte[] value = damaged(bytes(values.get(i % values.size())), random);
      byte[] key = damaged(bytes("{'id': 7}"), random);
      try {
        ProductRecord record = ProductParser.parse(record(key, i % 10 == 0 ? null : value));
        assertThat(record.productId()).isNotBlank();
        products++;
      } catch (BrokenRecordException e) {
        assertThat(e.getMessage()).isNotBlank();
        broken++;
      }
    }
    assertThat(products).isGreaterThan(1_000);
    assertThat(broken).isGreaterThan(1_000);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] = (byte) random.nextInt(256);
        case 1 -> damaged[at] = "{}[]\":,0e-n\\".getBytes(UTF_8)[random.nextInt(12)];
        case 2 -> damaged = Arrays.copyOf(damaged, Math.max(1, at));
        default -> {
          int from = random.nextInt(damaged.length);
          int length = Math.min(random.nextInt(8), damaged.length - Math.max(from, at));
          System.arraycopy(
              bytes.length > from + length ? bytes : damaged, from, damaged, at, length);
        }
      }
    }
    return damaged;
  }

  @Test
  void a_value_that_is_not_utf_8_says_so() {
    assertThatThrownBy(() -> ProductParser.parse(record(null, new byte[] {(byte) 0xff})))
        .hasMessageContaining("not valid UTF-8")
        .isInstanceOfSatisfying(
            BrokenRecordException.class,
            broken -> assertThat(broken.reason()).isEqualTo(Reason.INVALID_UTF8));
  }

  private static void assertBroken(String key, String value, Reason reason, String detail) {
    assertThatThrownBy(() -> parse(key, value))
        .hasMessageContaining(detail)
        .isInstanceOfSatisfying(
            BrokenRecordException.class, broken -> assertThat(broken.reason()).isEqualTo(reason));
  }

  private static ProductRecord parse(String key, String value) throws BrokenRecordException {
    return ProductParser.parse(record(bytes(key), bytes(value)));
  }

  private static byte[] bytes(String text) {
    return Optional.ofNullable(text)
        .map(one -> one.replace('\'', '"').getBytes(UTF_8))
        .orElse(null);
  }

  private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
    return new ConsumerRecord<>(
        "products",
        3,
        42,
        1_700_000_000_000L,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }
}
