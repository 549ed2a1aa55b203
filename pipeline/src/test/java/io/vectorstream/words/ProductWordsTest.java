package io.vectorstream.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.config.Words;
import io.vectorstream.shop.Product;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProductWordsTest {

  private static final Product BOOTS = new Product("a", "Red boots", "red", "Shoes", 1);

  private static ProductWords words(String languages, double averageLength) {
    return new ProductWords(new Words(true, languages, averageLength));
  }

  private static float weight(WordVector vector, String term) {
    int at = Arrays.binarySearch(vector.indices(), WordVector.index(term));
    return at < 0 ? 0 : vector.values()[at];
  }

  private static void assertSearch(ProductWords words, String text, String... terms) {
    assertThat(words.ofSearch(text).indices())
        .containsExactlyInAnyOrder(Stream.of(terms).mapToInt(WordVector::index).sorted().toArray());
  }

  @Test
  void weights_are_those_of_bm25_worked_out_by_hand() {
    // Length: the id 1, the name 3 * 2, the category 1, the description 1: 9, as the average.
    WordVector average = words("none", 9).of(BOOTS);
    assertThat(average.indices()).hasSize(4).isSorted();
    // tf 1, 3 and 3 + 1 over 1.2 * (0.25 + 0.75 * 9 / 9) = 1.2.
    assertThat(weight(average, "a")).isCloseTo(1f, within(1e-6f));
    assertThat(weight(average, "shoes")).isCloseTo(1f, within(1e-6f));
    assertThat(weight(average, "boots")).isCloseTo(6.6f / 4.2f, within(1e-6f));
    assertThat(weight(average, "red")).isCloseTo(8.8f / 5.2f, within(1e-6f));

    // Twice as long as the average: 1.2 * (0.25 + 0.75 * 2) = 2.1.
    WordVector twice = words("none", 4.5).of(BOOTS);
    assertThat(weight(twice, "shoes")).isCloseTo(2.2f / 3.1f, within(1e-6f));
    assertThat(weight(twice, "red")).isCloseTo(8.8f / 6.1f, within(1e-6f));
    assertThat(words("none", 9).length(BOOTS)).isEqualTo(9);
  }

  @Test
  void an_index_is_murmur3_of_the_term_with_the_published_values() {
    assertThat(WordVector.index("")).isZero();
    assertThat(WordVector.index("hello")).isEqualTo(0x248bfa47);
    assertThat(WordVector.index("hello, world")).isEqualTo(0x149bbb7f);
  }

  @Test
  void weights_of_one_index_add_up_and_each_index_is_there_once() {
    WordVector vector = WordVector.of(Map.of("b", 1.0, "c", 2.0, "d", 4.0));
    assertThat(vector.indices()).doesNotHaveDuplicates().isSorted();
    // Two of 200,000 terms share an index.
    String[] same = colliding();
    assertThat(WordVector.of(Map.of(same[0], 1.0, same[1], 2.0)))
        .satisfies(
            sum -> {
              assertThat(sum.indices()).containsExactly(WordVector.index(same[0]));
              assertThat(sum.values()).containsExactly(3f);
            });
  }

  private static String[] colliding() {
    Map<Integer, String> seen = new java.util.HashMap<>();
    for (int i = 0; ; i++) {
      String term = "t" + i;
      String other = seen.put(WordVector.index(term), term);
      if (other != null) {
        return new String[] {other, term};
      }
    }
  }

  @Test
  void other_forms_of_a_word_are_one_term_in_each_language_that_is_given() {
    assertSearch(words("en", 9), "the hiking BOOTS", "hike", "boot");
    assertSearch(words("de", 9), "die Häuser", "haus");
    // Each language has its own stems, and stop words are those of one.
    assertThat(words("en, de", 9).ofSearch("Häuser boots").indices())
        .contains(WordVector.index("haus"), WordVector.index("boot"), WordVector.index("hauser"));
    assertSearch(words("none", 9), "Crème brûlée", "creme", "brulee");
    assertSearch(words("cjk", 9), "登山靴", "登山", "山靴");
  }

  @Test
  void a_word_that_two_languages_read_alike_counts_once() {
    Product shoes = new Product("a", "Radio", "", "", 1);
    assertThat(words("en,de", 9).of(shoes))
        .usingRecursiveComparison()
        .isEqualTo(words("none", 9).of(shoes));
  }

  @Test
  void part_numbers_survive_as_a_whole_and_hyphens_join_words() {
    assertSearch(
        words("en", 9),
        "headphones WH-1000XM4",
        "headphon",
        "wh1000xm4",
        "wh",
        "1000xm4",
        "1000",
        "xm");
    assertSearch(words("en", 9), "wi-fi", "wi", "fi", "wifi");
    WordVector product =
        words("en", 60).of(new Product("SKU-77 a", "Sony WH-1000XM4", null, null, 1));
    for (String term : new String[] {"wh1000xm4", "1000xm4", "xm", "sku77", "sku", "77", "soni"}) {
      assertThat(weight(product, term)).as(term).isPositive();
    }
  }

  @Test
  void the_part_numbers_of_a_search_are_its_wholes_alone() {
    WordVector names = words("en", 9).partNumbers("sony WH-1000XM4 in 4k, 2 pieces");
    assertThat(names.indices()).containsExactly(WordVector.index("wh1000xm4"));
    assertThat(words("en", 9).partNumbers("red boots").isEmpty()).isTrue();
  }

  @Test
  void of_an_endless_description_the_beginning_is_read() {
    String endless = "lamp ".repeat(TextAnalysis.LONGEST) + "oak";
    Product lamp = new Product("a", "Light", endless, null, 1);
    assertThat(words("en", 9).length(lamp)).isEqualTo(1 + 3 + TextAnalysis.LONGEST / 5);
    assertThat(weight(words("en", 9).of(lamp), "oak")).isZero();
  }

  @Test
  void a_product_that_was_changed_has_other_words_whatever_field_has_changed() {
    ProductWords words = words("en", 9);
    WordVector before = words.of(new Product("a", "Oak", "lamp", "", 1));
    assertThat(words.of(new Product("a", "Oak", "lamp", "", 2))).isSameAs(before);
    assertThat(weight(words.of(new Product("a", "Oak lamp", "", "", 1)), "lamp"))
        .isGreaterThan(weight(before, "lamp"));
    assertThat(weight(words.of(new Product("a", "Oak", "", "lamp", 1)), "lamp"))
        .isEqualTo(weight(before, "lamp"));
    assertThat(weight(words.of(new Product("b", "Oak", "lamp", "", 1)), "b")).isPositive();
  }

  @Test
  void a_search_without_words_has_none() {
    assertThat(words("en", 9).ofSearch("  ... the ").isEmpty()).isTrue();
  }

  @Test
  void every_language_of_the_settings_can_be_read() {
    for (Words.Language language : Words.Language.values()) {
      assertThat(
              words(language.name().toLowerCase(java.util.Locale.ROOT), 9)
                  .ofSearch("radio 登山 радио ραδιο")
                  .isEmpty())
          .as(language.name())
          .isFalse();
    }
    assertThat(new TreeSet<>(new Words(true, "en, de,en", 1).list())).hasSize(2);
  }
}
