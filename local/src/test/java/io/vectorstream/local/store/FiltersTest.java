package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.datetimeRange;
import static io.qdrant.client.ConditionFactory.filter;
import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.isEmpty;
import static io.qdrant.client.ConditionFactory.match;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchKeywords;
import static io.qdrant.client.ConditionFactory.range;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.object;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Status.Code;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.Range;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiltersTest {

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    store.payloadCollection("c");
    store.upsert(
        "c",
        point(
            1,
            Map.of(
                "type", value("view"),
                "count", value(10),
                "price", value(9.5),
                "sold", value(true),
                "at", value("2024-01-15T10:30:00Z"),
                "tags", list(List.of(value("red"), value("big"))),
                "product", object(Map.of("id", value("p1"), "name", value("Red wool scarf"))))),
        point(
            2,
            Map.of(
                "type", value("purchase"),
                "count", value(20),
                "price", value(20),
                "sold", value(false),
                "at", value("2024-01-15T13:30:00.5+02:00"),
                "tags", list(List.of(value("blue"))),
                "product", object(Map.of("id", value("p2"), "name", value("Blue cotton shirt"))))),
        point(
            3,
            Map.of(
                "type", value("view"),
                "note", nullValue(),
                "tags", list(List.of()),
                "at", value("yesterday"),
                "items",
                    list(
                        List.of(
                            object(Map.of("sku", value("a"), "n", value(1))),
                            object(Map.of("sku", value("b"), "n", value(5))))))),
        point(4, Map.of()));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private List<Long> found(Condition... conditions) {
    Filter filter = must(conditions);
    List<Long> ids = store.matching("c", filter);
    assertThat(store.count("c", filter)).isEqualTo(ids.size());
    return ids;
  }

  @Test
  void an_empty_filter_lets_everything_through() {
    assertThat(found()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(found(Condition.getDefaultInstance())).hasSize(4);
  }

  @Test
  void keywords_numbers_and_booleans_match_their_own_kind_only() {
    assertThat(found(matchKeyword("type", "view"))).containsExactly(1L, 3L);
    assertThat(found(match("count", 20))).containsExactly(2L);
    assertThat(found(match("sold", true))).containsExactly(1L);
    assertThat(found(matchKeyword("count", "20"))).isEmpty();
    assertThat(found(match("price", 9))).isEmpty();
  }

  @Test
  void an_array_matches_when_one_of_its_elements_does() {
    assertThat(found(matchKeyword("tags", "big"))).containsExactly(1L);
    assertThat(found(matchKeyword("tags[]", "blue"))).containsExactly(2L);
    assertThat(found(matchKeyword("tags[0]", "big"))).isEmpty();
    assertThat(found(matchKeyword("tags[1]", "big"))).containsExactly(1L);
  }

  @Test
  void dots_lead_into_objects_and_brackets_into_arrays() {
    assertThat(found(matchKeyword("product.id", "p2"))).containsExactly(2L);
    assertThat(found(matchKeyword("items[].sku", "b"))).containsExactly(3L);
    assertThat(found(matchKeyword("items.sku", "b"))).isEmpty();
  }

  @Test
  void any_keyword_of_a_list_matches() {
    assertThat(found(matchKeywords("type", List.of("purchase", "other")))).containsExactly(2L);
  }

  @Test
  void ranges_hold_whole_and_fractional_numbers() {
    assertThat(found(range("price", Range.newBuilder().setGt(9.5).build()))).containsExactly(2L);
    assertThat(found(range("price", Range.newBuilder().setGte(9.5).setLt(20).build())))
        .containsExactly(1L);
    assertThat(found(range("count", Range.newBuilder().setLte(10).build()))).containsExactly(1L);
    assertThat(found(range("type", Range.newBuilder().setGt(0).build()))).isEmpty();
  }

  @Test
  void datetime_ranges_compare_instants_whatever_their_offset() {
    assertThat(found(at(DatetimeRange.newBuilder().setGte(time("2024-01-15T11:00:00Z")))))
        .containsExactly(2L);
    assertThat(found(at(DatetimeRange.newBuilder().setLte(time("2024-01-15T10:30:00Z")))))
        .containsExactly(1L);
    assertThat(
            found(
                at(
                    DatetimeRange.newBuilder()
                        .setGt(time("2024-01-15T10:30:00Z"))
                        .setLt(time("2024-01-15T11:30:00.6Z")))))
        .containsExactly(2L);
  }

  private static Condition at(DatetimeRange.Builder range) {
    return datetimeRange("at", range.build());
  }

  private static Timestamp time(String text) {
    Instant instant = Instant.parse(text);
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  @Test
  void an_empty_list_a_null_and_an_absent_field_are_empty() {
    assertThat(found(isEmpty("tags"))).containsExactly(3L, 4L);
    assertThat(found(isEmpty("note"))).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void clauses_combine() {
    assertThat(
            store.matching(
                "c",
                Filter.newBuilder()
                    .addShould(matchKeyword("type", "purchase"))
                    .addShould(match("count", 10))
                    .build()))
        .containsExactly(1L, 2L);
    assertThat(
            store.matching(
                "c", Filter.newBuilder().addMustNot(matchKeyword("type", "view")).build()))
        .containsExactly(2L, 4L);
    assertThat(
            found(
                filter(
                    Filter.newBuilder()
                        .addShould(hasId(List.of(id(2), id(4))))
                        .addShould(matchKeyword("tags", "red"))
                        .build()),
                filter(Filter.newBuilder().addMustNot(isEmpty("product")).build())))
        .containsExactly(1L, 2L);
  }

  @Test
  void a_path_that_is_none_and_a_match_of_nothing_are_refused() {
    assertThat(failure(() -> found(matchKeyword("a..b", "x"))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    Condition nothing =
        Condition.newBuilder()
            .setField(FieldCondition.newBuilder().setKey("a").setMatch(Match.getDefaultInstance()))
            .build();
    assertThat(failure(() -> found(nothing)).getCode()).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void a_keyword_index_answers_as_a_scan_does_before_and_after_changes() {
    for (String field : List.of("type", "product.id", "tags")) {
      get(
          store.client.createPayloadIndexAsync(
              "c", field, PayloadSchemaType.Keyword, null, true, null, null));
    }
    assertThat(found(matchKeyword("type", "view"))).containsExactly(1L, 3L);
    assertThat(found(matchKeyword("tags", "big"))).containsExactly(1L);

    store.upsert("c", point(5, Map.of("type", value("view"), "tags", value("big"))));
    store.upsert("c", point(1, Map.of("type", value("purchase"))));
    get(store.client.setPayloadAsync("c", Map.of("type", value("view")), id(4), true, null, null));
    assertThat(found(matchKeyword("type", "view"))).containsExactly(3L, 4L, 5L);
    assertThat(found(matchKeyword("type", "purchase"))).containsExactly(1L, 2L);
    assertThat(found(matchKeyword("tags", "big"))).containsExactly(5L);
    assertThat(found(matchKeyword("product.id", "p1"))).isEmpty();
    assertThat(found(matchKeyword("type", "view"), matchKeyword("tags", "big")))
        .containsExactly(5L);
    assertThat(found(matchKeywords("type", List.of("view", "purchase"))))
        .containsExactly(1L, 2L, 3L, 4L, 5L);

    get(store.client.deleteAsync("c", must(matchKeyword("type", "view"))));
    assertThat(found(matchKeyword("type", "view"))).isEmpty();
    assertThat(store.count("c")).isEqualTo(2);
    store.upsert("c", point(3, Map.of("type", value("view"))));
    assertThat(found(matchKeyword("type", "view"))).containsExactly(3L);
  }

  @Test
  void very_long_keywords_are_indexed_too() {
    get(
        store.client.createPayloadIndexAsync(
            "c", "long", PayloadSchemaType.Keyword, null, true, null, null));
    String text = "x".repeat(5000);
    store.upsert("c", point(8, Map.of("long", value(text + "1"))));
    store.upsert("c", point(9, Map.of("long", value(text + "2"))));
    assertThat(found(matchKeyword("long", text + "2"))).containsExactly(9L);
  }
}
