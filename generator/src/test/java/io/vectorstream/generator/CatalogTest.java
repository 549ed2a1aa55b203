package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

class CatalogTest {

  @TempDir Path folder;

  @Test
  void the_same_seed_and_size_give_the_same_products() {
    assertThat(Catalog.generate(500, 3).products())
        .isEqualTo(Catalog.generate(500, 3).products())
        .doesNotContainAnyElementsOf(Catalog.generate(500, 4).products());
  }

  @Test
  void a_smaller_catalogue_is_the_beginning_of_a_larger_one() {
    assertThat(Catalog.generate(1000, 3).products())
        .startsWith(Catalog.generate(100, 3).products().toArray(Product[]::new));
  }

  @Test
  void even_a_small_catalogue_has_twelve_categories() {
    assertThat(
            Catalog.generate(16, 1).products().stream().map(Product::category).distinct().count())
        .isGreaterThanOrEqualTo(12);
  }

  @Test
  void products_are_told_apart_by_id_name_and_description() {
    List<Product> products = Catalog.generate(100_000, 5).products();

    assertThat(products.stream().map(Product::id).distinct()).hasSize(100_000);
    assertThat(products.stream().map(Product::name).distinct()).hasSize(100_000);
    assertThat(products.stream().map(Product::description).distinct().count())
        .isGreaterThan(99_000);
    assertThat(products).allSatisfy(p -> assertThat(UUID.fromString(p.id())).hasToString(p.id()));
  }

  @Test
  void descriptions_have_20_to_90_words_and_no_gaps() {
    assertThat(Catalog.generate(5000, 2).products())
        .allSatisfy(
            p -> {
              // English has up to 1.3 tokens a word here, so that 90 words are below 120 tokens.
              assertThat(p.description().split(" ")).hasSizeBetween(20, 90);
              assertThat(p.description() + p.name()).doesNotContain("{", "}", "  ", "null");
            });
  }

  @Test
  void descriptions_within_a_category_differ_in_their_words() {
    List<Product> products =
        Catalog.generate(1600, 2).products().stream()
            .filter(p -> p.category().equals("Footwear"))
            .toList();
    double shared = 0;
    int pairs = 0;
    for (int i = 0; i < products.size(); i++) {
      for (int j = 0; j < i; j++, pairs++) {
        shared += overlap(words(products.get(i)), words(products.get(j)));
      }
    }
    assertThat(shared / pairs).isLessThan(0.4);
  }

  private static Set<String> words(Product product) {
    return Stream.of(product.description().toLowerCase().split("\\W+")).collect(Collectors.toSet());
  }

  private static double overlap(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    return (double) both.size() / Math.min(one.size(), other.size());
  }

  @Test
  void prices_fit_the_category() {
    List<Product> products = Catalog.generate(20_000, 2).products();

    assertThat(products).allSatisfy(p -> assertThat(p.price()).isBetween(1.0, 4200.0));
    assertThat(prices(products, "Grocery")).allSatisfy(p -> assertThat(p).isLessThan(60));
    assertThat(prices(products, "Furniture")).allSatisfy(p -> assertThat(p).isGreaterThan(50));
    assertThat(
            products.stream().filter(p -> p.name().contains("Laptop")).mapToDouble(Product::price))
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p).isBetween(449.0, 2400.0));
  }

  private static List<Double> prices(List<Product> products, String category) {
    return products.stream()
        .filter(p -> p.category().equals(category))
        .map(Product::price)
        .toList();
  }

  @Test
  void some_names_are_not_ascii() {
    assertThat(Catalog.generate(1000, 2).products())
        .anySatisfy(p -> assertThat(p.name()).containsPattern("[ığşçöüÖÇİ]"))
        .anySatisfy(p -> assertThat(p.name()).containsPattern("[éèûñøå]"));
  }

  @Test
  void there_are_about_a_thousand_queries() {
    assertThat(
            Catalog.generate(2000, 1).shelves().stream()
                .flatMap(s -> s.queries().stream())
                .distinct()
                .count())
        .isBetween(900L, 1100L);
  }

  @Test
  void a_size_below_one_is_refused() {
    assertThatThrownBy(() -> Catalog.generate(0, 1)).hasMessageContaining("1 product or more");
  }

  @Test
  void csv_may_have_quotes_commas_line_breaks_and_other_columns_in_any_order() throws IOException {
    Path file =
        write(
            "shop.csv",
            "\ufeffprice,stock,name,id,category,description\r\n"
                + "12.50,3,\"Çay \"\"Rize\"\", loose\",a1,Grocery | Tea,\"Two lines:\n"
                + "black, strong\"\r\n"
                + "0,0,Café au lait,a2,,\r\n");

    assertThat(Catalog.read(file).products())
        .containsExactly(
            new Product(
                "a1", "Çay \"Rize\", loose", "Two lines:\nblack, strong", "Grocery | Tea", 12.5),
            new Product("a2", "Café au lait", "", "", 0));
  }

  @Test
  void json_lines_are_read() throws IOException {
    Path file =
        write(
            "shop.jsonl",
            """
            {"id": "a1", "name": "Şal", "description": "Warm", "category": "Clothing", "price": 20, "x": 1}

            {"id": "a2", "name": "Bowl", "price": 3.5}
            """);

    assertThat(Catalog.read(file).products())
        .containsExactly(
            new Product("a1", "Şal", "Warm", "Clothing", 20),
            new Product("a2", "Bowl", "", "", 3.5));
  }

  @Test
  void what_is_written_can_be_read() throws IOException {
    Catalog catalog = Catalog.generate(300, 9);
    Path file = folder.resolve("out.csv");

    catalog.write(file);

    assertThat(Catalog.read(file).products()).isEqualTo(catalog.products());
  }

  @Test
  void a_missing_column_is_named() throws IOException {
    Path file = write("shop.csv", "id,name,description,category\n1,a,b,c\n");

    assertThatThrownBy(() -> Catalog.read(file))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 1: the column price is missing");
  }

  @Test
  void an_error_names_the_line_where_the_record_begins() throws IOException {
    Path file =
        write(
            "shop.csv",
            "id,name,description,category,price\n1,a,\"b\nb\nb\",c,2\n2,a,\"b\nb\",c,cheap\n");

    assertThatThrownBy(() -> Catalog.read(file))
        .isInstanceOf(CatalogException.class)
        .hasMessage(
            file + ", line 5: price is 'cheap'; expected a number of 0 or more, such as 12.50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "1,a,b,c,-1; line 2: price is '-1'",
        "1,a,b,c,NaN; line 2: price is 'NaN'",
        ",a,b,c,1; line 2: id is empty",
        "1,,b,c,1; line 2: name is empty",
        "1,a,b,c; line 2: has 4 cells, the header 5",
        "1,\"a\"x,b,c,1; line 2: is not CSV",
      })
  void a_bad_csv_record_is_told(String record, String message) throws IOException {
    Path file = write("shop.csv", "id,name,description,category,price\n" + record + "\n");

    assertThatThrownBy(() -> Catalog.read(file))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void an_id_used_twice_is_told() throws IOException {
    Path file =
        write("shop.csv", "id,name,description,category,price\n1,a,b,c,1\n2,a,b,c,1\n1,a,b,c,1\n");

    assertThatThrownBy(() -> Catalog.read(file))
        .hasMessageContaining("line 4: id is that of a row before; expected each product once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"id\": \"1\", \"name\"; line 1: is not JSON",
        "[1]; line 1: is not a JSON object",
        "{\"id\": \"1\", \"price\": 2}; line 1: name is missing",
        "{\"id\": \"1\", \"name\": {}, \"price\": 2}; line 1: name is object; expected a text",
      })
  void a_bad_json_line_is_told(String line, String message) throws IOException {
    Path file = write("shop.jsonl", line + "\n");

    assertThatThrownBy(() -> Catalog.read(file))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void files_that_cannot_be_a_catalogue_are_told() throws IOException {
    assertThatThrownBy(() -> Catalog.read(folder.resolve("none.csv")))
        .hasMessageEndingWith("none.csv: no such file");
    assertThatThrownBy(() -> Catalog.read(write("shop.xml", "<a/>")))
        .hasMessageContaining("begins XML without an item or entry");
    assertThatThrownBy(
            () -> Catalog.read(write("shop.csv", "id,name,description,category,price\n")))
        .hasMessageContaining("has no products");
  }

  @Test
  void a_row_that_is_no_product_is_told_and_the_others_are_taken() throws IOException {
    Path file = write("shop.csv", "id;name;price\n1;Pot;1,50\n2;Pan;free\n3;Lid;2,50\n");
    StringWriter err = new StringWriter();

    assertThat(options("--catalog", file.toString()).catalog(this::none, new PrintWriter(err)))
        .extracting(Catalog::products)
        .isEqualTo(
            List.of(new Product("1", "Pot", "", "", 1.5), new Product("3", "Lid", "", "", 2.5)));
    assertThat(err.toString().lines())
        .containsExactly(
            file + ", line 3: price is 'free'; expected a number of 0 or more, such as 12.50",
            "1 rows were not loaded");
  }

  @Test
  void what_a_file_does_not_show_is_given_by_options() throws IOException {
    Path file = write("shop.csv", "sku^Titel^Preis\n1^Pot^1.299\n");

    assertThat(
            options(
                    "--catalog",
                    file.toString(),
                    "--delimiter",
                    "^",
                    "--decimal-mark",
                    "comma",
                    "--encoding",
                    "windows-1254",
                    "--column",
                    "id=SKU",
                    "--column",
                    "name=titel",
                    "--column",
                    "price=Preis",
                    "--keep-html")
                .catalog(this::none, new PrintWriter(System.err))
                .products())
        .containsExactly(new Product("1", "Pot", "", "", 1299));
    assertThatThrownBy(
            () -> options("--delimiter", "tab").catalog(this::none, new PrintWriter(System.err)))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("expected --catalog FILE");
    assertThatThrownBy(
            () ->
                options("--catalog", file.toString(), "--column", "sku=x")
                    .catalog(this::none, new PrintWriter(System.err)))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("'sku' is nothing of a product");
    for (String wrong : List.of("--delimiter=;;", "--decimal-mark=dot", "--encoding=utf-99")) {
      assertThatThrownBy(() -> options(wrong)).isInstanceOf(ParameterException.class);
    }
  }

  private static CatalogFileOptions options(String... arguments) {
    CatalogFileOptions options = new CatalogFileOptions();
    new CommandLine(CommandSpec.create().addMixin("file", CommandSpec.forAnnotatedObject(options)))
        .parseArgs(arguments);
    return options;
  }

  private Catalog none() {
    throw new AssertionError("a catalogue is made up");
  }

  @Test
  void real_listings_are_read_and_shopped_from() throws IOException {
    Path listings = Path.of(System.getProperty("listings", "../../shared/data/products.csv"));
    assumeTrue(Files.exists(listings), "the real listings are not here");

    Catalog catalog = Catalog.read(listings);
    EventStream stream = new EventStream(catalog, ShopperSettings.defaults(), 1);

    assertThat(catalog.products()).hasSize(455);
    assertThat(catalog.shelves().stream().mapToInt(s -> s.queries().size()).sum())
        .isBetween(100, 1000);
    for (int i = 0; i < 2000; i++) {
      assertThat(EventFormat.brokenRule(stream.next(java.time.Instant.EPOCH).value())).isEmpty();
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
