package io.vectorstream.stream;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.ReadRows;
import io.vectorstream.event.Reason;
import io.vectorstream.event.RecordFormat;
import io.vectorstream.event.RecordMapping;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.spark.Dependency;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class BatchOutputTest {

  private static final Settings.Interest SETTINGS = SettingsLoader.defaults().interest();

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("BatchOutputTest")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void deltas_of_one_product_or_user_are_added_whichever_tasks_they_come_from() {
    List<ShopEvent> events = IntStream.range(0, 600).mapToObj(BatchOutputTest::event).toList();
    Deltas all = new Deltas(SETTINGS);
    events.forEach(all::add);
    List<BatchPart> parts = new ArrayList<>();
    for (int task = 0; task < 3; task++) {
      parts.add(last(events.subList(200 * task, 200 * task + 200), List.of()));
    }

    BatchOutput output = new BatchOutput(spark.parallelize(parts, 3), 4);

    Map<String, ProductDelta> products =
        output.products().collect().stream().collect(toMap(ProductDelta::productId, p -> p));
    assertThat(products).hasSize(7);
    for (ProductDelta product : all.products()) {
      assertThat(products.get(product.productId()))
          .usingRecursiveComparison()
          .withEqualsForType((one, other) -> Math.abs(one - other) < 1e-9, Double.class)
          .isEqualTo(product);
    }
    Map<String, UserDelta> users =
        output.users().collect().stream().collect(toMap(UserDelta::userId, u -> u));
    assertThat(users.keySet())
        .isEqualTo(all.users().stream().map(UserDelta::userId).collect(toSet()));
  }

  @Test
  void summaries_and_dead_letters_of_all_tasks_are_there_once() {
    List<DeadLetter> letters = IntStream.range(0, 9).mapToObj(BatchOutputTest::letter).toList();
    List<BatchPart> parts =
        List.of(
            BatchPart.of(List.copyOf(letters.subList(0, 3))),
            last(List.of(event(1)), List.copyOf(letters.subList(3, 5))),
            BatchPart.of(List.copyOf(letters.subList(5, 8))),
            last(List.of(), List.copyOf(letters.subList(8, 9))));

    BatchOutput output = new BatchOutput(spark.parallelize(parts, 2), 2);

    assertThat(output.summaries()).extracting(BatchPart.Summary::stored).containsOnly(1L, 0L);
    assertThat(output.summaries()).hasSize(2);
    assertThat(output.deadLetters().collect()).containsExactlyInAnyOrderElementsOf(letters);
  }

  @Test
  void events_are_stored_once_whatever_is_read_of_the_result() {
    LongAccumulator stored = new LongAccumulator();
    spark.sc().register(stored, "stored");
    BatchOutput output =
        new BatchOutput(
            spark
                .parallelize(List.of(1, 2, 3, 4), 2)
                .map(
                    number -> {
                      stored.add(1);
                      return last(List.of(event(number)), List.of(letter(number)));
                    }),
            2);

    assertThat(output.summaries()).hasSize(4);
    assertThat(output.products().collect()).hasSize(4);
    assertThat(output.users().collect()).hasSize(4);
    assertThat(output.deadLetters().collect()).hasSize(4);
    assertThat(stored.value()).isEqualTo(4);
  }

  @Test
  void a_batch_without_records_has_nothing() {
    BatchOutput output = new BatchOutput(spark.<BatchPart>emptyRDD(), 2);

    assertThat(output.summaries()).isEmpty();
    assertThat(output.products().collect()).isEmpty();
    assertThat(output.users().collect()).isEmpty();
    assertThat(output.deadLetters().collect()).isEmpty();
  }

  /** A format whose records become something else when they are read again. */
  private static final class Once implements RecordFormat {

    private static final long serialVersionUID = 1L;

    @Override
    public JsonNode read(IncomingRecord record) throws BrokenRecordException {
      throw new BrokenRecordException(Reason.UNKNOWN_SCHEMA, "not registered yet");
    }

    @Override
    public void requireSameAgain() {
      throw new UncheckedIOException(new IOException("read before"));
    }
  }

  @Test
  void records_whose_results_are_lost_are_not_read_again_for_a_later_step() {
    Dataset<Row> records =
        new SparkSession.Builder()
            .getOrCreate()
            .sql(
                "SELECT 't' topic, 0 partition, id offset, current_timestamp() timestamp,"
                    + " x'' key, x'' value, array() headers FROM range(5)");
    RecordReader reader = new RecordReader(new Once(), RecordMapping.NONE);
    for (int batch = 0; batch < 2; batch++) {
      BatchOutput output =
          new BatchOutput(
              ReadRows.of(records, reader)
                  .javaRDD()
                  .map(row -> last(List.of(event((int) row.getLong(1))), List.of())),
              2);
      assertThat(output.summaries()).hasSize(5);
      assertThat(output.products().collect()).hasSize(5);

      loseShuffles(output.products().rdd());

      assertThatThrownBy(() -> output.products().collect()).hasMessageContaining("read before");
    }
  }

  private static void loseShuffles(RDD<?> rdd) {
    MapOutputTrackerMaster outputs = (MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker();
    for (Dependency<?> dependency : CollectionConverters.asJava(rdd.dependencies())) {
      if (dependency instanceof ShuffleDependency<?, ?, ?> shuffle) {
        outputs.unregisterAllMapAndMergeOutput(shuffle.shuffleId());
      }
      loseShuffles(dependency.rdd());
    }
  }

  private static BatchPart last(List<ShopEvent> events, List<DeadLetter> letters) {
    Deltas deltas = new Deltas(SETTINGS);
    events.forEach(deltas::add);
    return new BatchPart(
        new BatchPart.Summary(
            0,
            events.size(),
            events.size(),
            0,
            0,
            0,
            Map.of(),
            0,
            List.copyOf(deltas.minutes()),
            new Histogram(3),
            new Histogram(3),
            null),
        letters,
        List.copyOf(deltas.products()),
        List.copyOf(deltas.users()));
  }

  private static DeadLetter letter(int number) {
    return new DeadLetter(0, number, 0, "not_json", "broken on purpose");
  }

  private static ShopEvent event(int number) {
    return new ShopEvent(
        0,
        number,
        1_000L * number,
        "e" + number,
        "2026-11-30T00:00:00Z",
        1_796_000_000_000_000L + number,
        "u" + number % 11,
        EventType.VIEW,
        "s",
        new Product("p" + number % 7, "name", "description", "category", 1.0),
        null,
        null,
        null,
        null,
        null);
  }
}
