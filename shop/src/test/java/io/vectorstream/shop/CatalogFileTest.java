package io.vectorstream.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogFileTest {
  @TempDir private Path folder;

  private final List<RowProblem> problems = new ArrayList<>();

  private List<CatalogRow> read(String name, byte[] content) throws IOException {
    Path path = Files.write(folder.resolve(name), content);
    List<CatalogRow> rows = new ArrayList<>();
    try (CatalogFile file = CatalogFile.open(path, problems::add)) {
      for (CatalogRow row = file.next(); row != null; row = file.next()) {
        rows.add(row);
      }
      assertThat(file.bytesRead()).isEqualTo(file.size());
    }
    return rows;
  }

  private List<CatalogRow> read(String name, String content) throws IOException {
    return read(name, content.getBytes(UTF_8));
  }

  @Test
  void columns_are_found_by_name_and_others_are_ignored() throws IOException {
    assertThat(
            read(
                "c.csv",
                """
                \ufeffstock,price,name,id,description,category
                5,12.50,"Lamp, of oak",p-1,"first line
                second line","Home | Light"
                0,0,Çay bardağı,42,,
                """))
        .containsExactly(
            new CatalogRow(
                2,
                new Product(
                    "p-1", "Lamp, of oak", "first line\nsecond line", "Home | Light", 12.5)),
            new CatalogRow(4, new Product("42", "Çay bardağı", "", "", 0)));
    assertThat(problems).isEmpty();
  }

  @Test
  void blanks_around_an_id_or_a_name_are_no_part_of_it() throws IOException {
    CatalogFiles read =
        CatalogFiles.read(folder, "c.csv", "name, id , price\nMug , 17 , 8\nPot,17,9\n");

    assertThat(read.products()).containsExactly(new Product("17", "Mug", null, null, 8));
    assertThat(read.problems())
        .containsExactly(
            new RowProblem(3, "id is that of a row before; expected each product once"));
  }

  @Test
  void description_and_category_may_be_missing() throws IOException {
    Product bare = new Product("p", "Pot", null, null, 3);

    assertThat(read("c.csv", "id,name,price\np,Pot,3\n")).containsExactly(new CatalogRow(2, bare));
    assertThat(read("c.jsonl", "{\"id\":\"p\",\"name\":\"Pot\",\"price\":3}\n"))
        .containsExactly(new CatalogRow(1, bare));
  }

  @Test
  void json_is_a_product_a_line() throws IOException {
    assertThat(
            read(
                "c.jsonl",
                """
                {"id":"a","name":"A","description":"of a","category":"C","price":1.5,"stock":[1]}

                {"id":7,"name":"B","description":null,"price":2}
                """))
        .containsExactly(
            new CatalogRow(1, new Product("a", "A", "of a", "C", 1.5)),
            new CatalogRow(3, new Product("7", "B", null, null, 2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x,,1        | name is empty",
        "  ,N,1      | id is empty",
        "x,N         | has 2 cells, the header 3; expected",
        "x,N,1,2     | has 4 cells, the header 3; expected",
        "x,N \"5\",y,1 | has 4 cells, the header 3; expected",
        "x,\"N 5\" y\",1 | is not CSV: text follows a closing quote",
        "x,\"N 5\"\",1  | is not CSV: a quote is not closed",
        "x,\"N,1       | is not CSV: a quote is not closed",
        "x,N,        | price is empty",
        "x,N,free    | price is 'free'; expected a number of 0 or more, such as 12.50",
        "x,N,-1      | price is '-1'; expected",
        "x,N,NaN     | price is 'NaN'; expected",
        "x,N,1e999   | price is '1e999'; expected",
        "first,N,1   | id is that of a row before",
      })
  void a_row_that_is_no_product_is_reported_and_the_next_is_read(String row, String reason)
      throws IOException {
    List<CatalogRow> rows =
        read("c.csv", "id,name,price\nfirst,One,1\n" + row + "\nlast,Three,3\n");

    assertThat(rows).extracting(CatalogRow::id).containsExactly("first", "last");
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.reason()).startsWith(reason);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json                              | is not JSON: ",
        "{\"id\":\"x\"} {\"id\":\"y\"}         | is not JSON: ",
        "[1]                                   | is not a JSON object",
        "{\"id\":\"x\",\"name\":\"N\",\"price\":\"free\"} | price is 'free'; expected a number",
        "{\"id\":true,\"name\":\"N\",\"price\":1}      | id is boolean; expected a text",
        "{\"id\":\"x\",\"name\":[],\"price\":1}        | name is array; expected a text",
        "{\"name\":\"N\",\"price\":1}                  | id is missing",
      })
  void a_line_that_is_no_product_is_reported_and_the_next_is_read(String line, String reason)
      throws IOException {
    String product = "{\"id\":\"%s\",\"name\":\"N\",\"price\":1}\n";

    List<CatalogRow> rows =
        read("c.jsonl", product.formatted("a") + line + "\n" + product.formatted("b"));

    assertThat(rows).extracting(CatalogRow::id).containsExactly("a", "b");
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(2);
              assertThat(problem.reason()).startsWith(reason);
            });
  }

  @Test
  void bytes_that_are_not_utf_8_spoil_their_row_only() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes("id,name,price\na,Caf".getBytes(UTF_8));
    content.write(0xe9);
    content.writeBytes(",1\nb,Café,2\n".getBytes(UTF_8));

    assertThat(read("c.csv", content.toByteArray()))
        .extracting(CatalogRow::id)
        .containsExactly("b");
    assertThat(problems).containsExactly(new RowProblem(2, "name has bytes that are not UTF-8"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "id,name,price\\na,A,1.5               # comma     # point",
        "id;name;price\\na;A;1,5               # semicolon # comma",
        "ID;Name;Price, EUR;price\\na;A;x;1,5  # semicolon # comma",
        "id\\tname\\tprice\\na\\tA\\t1.5         # tab       # point",
        "id|name|price\\na|A|1.5               # pipe      # point",
        "sep=;\\nid;name;price\\na;A;1.5        # semicolon # point",
        "\\n\\n ID , Name,PRICE\\na,A,1.5        # comma     # point",
        "\"id\",\"Product Name\",\"name\",\"Price\"\\na,x,A,\"1,5\" # comma # comma",
      })
  void the_delimiter_and_the_decimal_mark_are_found_out_and_told(
      String content, String delimiter, String mark) throws IOException {
    CatalogFiles read =
        CatalogFiles.read(folder, "c.csv", content.replace("\\n", "\n").replace("\\t", "\t"));

    assertThat(read.products()).containsExactly(new Product("a", "A", null, null, 1.5));
    assertThat(read.problems()).isEmpty();
    assertThat(read.description())
        .startsWith("CSV with " + delimiter + "s,")
        .endsWith(", a decimal " + mark);
  }

  @Test
  void what_is_given_is_taken() throws IOException {
    Path file = Files.writeString(folder.resolve("c.csv"), "sku^name^Preis\na^A <b>b</b>^1.299\n");

    assertThat(
            CatalogFiles.read(
                    file,
                    new CatalogFormat(
                        '^', null, DecimalMark.COMMA, Map.of("id", "SKU", "price", "preis"), true))
                .products())
        .containsExactly(new Product("a", "A <b>b</b>", null, null, 1299));
    assertThatThrownBy(() -> new CatalogFormat(null, null, null, Map.of("sku", "x"), false))
        .hasMessage(
            "'sku' is nothing of a product; expected one of id, name, description, category, price");
    assertThatThrownBy(
            () ->
                CatalogFiles.read(
                    file, new CatalogFormat('^', null, null, Map.of("id", "EAN"), false)))
        .hasMessageContaining("line 1: the column for id is missing: ean");
  }

  @Test
  void one_mark_with_three_digits_is_read_as_the_other_prices_of_the_file_show()
      throws IOException {
    String rows = "id;name;price\na;A;1.299\nb;B;%s\n";

    assertThat(CatalogFiles.read(folder, "c.csv", rows.formatted("12,50")).products())
        .extracting(Product::price)
        .containsExactly(1299.0, 12.5);
    assertThat(CatalogFiles.read(folder, "c.csv", rows.formatted("12.50")).products())
        .extracting(Product::price)
        .containsExactly(1.299, 12.5);
    assertThat(CatalogFiles.read(folder, "c.csv", rows.formatted("12")).products())
        .extracting(Product::price)
        .containsExactly(1.299, 12.0);
    assertThat(
            CatalogFiles.read(
                    folder,
                    "c.json",
                    "[{\"id\":1,\"name\":\"A\",\"price\":1.299},{\"id\":2,\"name\":\"B\",\"price\":\"9,99\"},{\"id\":3,\"name\":\"C\",\"price\":\"8,99\"}]")
                .products())
        .extracting(Product::price)
        .containsExactly(1.299, 9.99, 8.99);
  }

  @Test
  void a_number_of_json_has_its_point_whatever_the_mark_of_the_file() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("numbers.jsonl"),
            Stream.of("1", "12.9", "12.99", "12.999", "129.9999", "1.299e1", "\"1.299\"")
                .map(
                    price ->
                        "{\"id\":\"%s\",\"name\":\"N\",\"price\":%s}\n"
                            .formatted(price.replace("\"", "text "), price))
                .collect(Collectors.joining()));
    CatalogFormat commas = new CatalogFormat(null, null, DecimalMark.COMMA, Map.of(), false);

    assertThat(CatalogFiles.read(file, commas).products())
        .extracting(Product::price)
        .containsExactly(1.0, 12.9, 12.99, 12.999, 129.9999, 12.99, 1299.0);
  }

  @Test
  void numbers_of_json_do_not_say_what_the_mark_of_texts_is() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mixed.jsonl"),
            """
            {"id": 1, "name": "N", "price": 12.5}
            {"id": 2, "name": "N", "price": 13.5}
            {"id": 3, "name": "N", "price": {"value": 14.5}}
            {"id": 4, "name": "N", "price": "15,50"}
            {"id": 5, "name": "N", "price": "1.299"}
            """);

    assertThat(CatalogFiles.read(file).products())
        .extracting(Product::price)
        .containsExactly(12.5, 13.5, 14.5, 15.5, 1299.0);
  }

  @Test
  void a_number_in_a_column_that_was_named_has_its_point_too() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("named.jsonl"), "{\"id\":1,\"name\":\"N\",\"cost\":12.999}");
    CatalogFormat format =
        new CatalogFormat(null, null, DecimalMark.COMMA, Map.of("price", "cost"), false);

    assertThat(CatalogFiles.read(file, format).products())
        .extracting(Product::price)
        .containsExactly(12.999);
  }

  @Test
  void html_becomes_text_and_text_stays() throws IOException {
    assertThat(
            CatalogFiles.read(
                    folder,
                    "c.csv",
                    """
                    id,name,description,category,price
                    a,Salt &amp; pepper,"<p>Two<br/>mills</p><script>x()</script><!-- y -->&nbsp;of oak",Home > Kitchen,1
                    b,R&D kit 3 < 5,a & b; 5 > 3,Home | Light,1
                    c,<b></b>,x,y,1
                    """)
                .products())
        .containsExactly(
            new Product("a", "Salt & pepper", "Two mills of oak", "Home | Kitchen", 1),
            new Product("b", "R&D kit 3 < 5", "a & b; 5 > 3", "Home | Light", 1));
  }

  @Test
  void json_comes_as_lines_an_array_or_an_object_with_products() throws IOException {
    String a = "{\"id\":\"a\",\"name\":\"A {[\\\"\",\"price\":1,\"tags\":[{\"id\":5}]}";
    String b =
        "{\n  \"ID\" : \"b\",\n  \"Title\": \"B\",\n  \"price\": {\"value\": \"2.50\", \"currency\": \"EUR\"}\n}";
    for (String content :
        List.of(
            "[" + a + "," + b + "]",
            "[\n" + a + ",\n" + b + "\n]\n",
            "{\"total\":2,\"query\":{\"products\":1},\"products\":["
                + a
                + ","
                + b
                + "],\"page\":{\"id\":1},\"related\":["
                + a.replace("\"a\"", "\"c\"")
                + "]}",
            a + "\n" + b.replace("\n", "") + "\n",
            b.replace("\"b\"", "\"a\"").replace("\"B\"", "\"A {[\\\"\"").replace("2.50", "1")
                + "\n"
                + b)) {
      CatalogFiles read = CatalogFiles.read(folder, "c.json", content);

      assertThat(read.products())
          .as(content)
          .containsExactly(
              new Product("a", "A {[\"", null, null, 1), new Product("b", "B", null, null, 2.5));
      assertThat(read.problems()).isEmpty();
    }
    assertThat(CatalogFiles.read(folder, "c.json", "[]").rows()).isEmpty();
    assertThat(CatalogFiles.read(folder, "c.json", "").rows()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\": [%s]}",
        "{\"items\":\n [%s],\n \"count\": 2, \"tags\": [\"x\"], \"errors\": []}\n",
        "{\"id\": \"feed\", \"name\": \"The shop\", \"owners\": [{\"name\": \"Ada\"}], \"goods\": [%s]}",
      })
  void json_may_be_an_object_with_one_array_of_products(String file) throws IOException {
    CatalogFiles read =
        CatalogFiles.read(
            folder,
            "c.json",
            file.formatted(
                "{\"id\":1,\"name\":\"A\",\"price\":1},\n{\"id\":2,\"name\":\"B\",\"price\":2}"));

    assertThat(read.ids()).containsExactly("1", "2");
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void columns_that_are_named_tell_which_array_has_the_products() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.json"),
            """
            {"links": [{"name": "next"}], "goods": [{"SKU": "a", "label": "A", "price": 1}]}
            """);

    assertThat(
            CatalogFiles.read(
                    file,
                    new CatalogFormat(
                        null, null, null, Map.of("id", "sku", "name", "label"), false))
                .products())
        .containsExactly(new Product("a", "A", null, null, 1));
  }

  @Test
  void an_array_within_a_product_is_not_taken_for_the_products() throws IOException {
    String product = "{\"id\":\"a\",\"name\":\"A\",\"price\":1,\"images\":[{\"id\":5}]}";
    String withoutPrice =
        "{\"id\":\"a\",\"name\":\"A\",\"images\":[{\"id\":5,\"name\":\"front\"}]}";

    assertThat(CatalogFiles.read(folder, "c.json", product).ids()).containsExactly("a");
    assertThat(CatalogFiles.read(folder, "c.json", withoutPrice).problems())
        .containsExactly(new RowProblem(1, "price is missing"));
    CatalogFiles lines =
        CatalogFiles.read(
            folder, "c.json", "{\"images\":[{\"id\":5,\"name\":\"A\"}]}\n" + product + "\n");
    assertThat(lines.ids()).containsExactly("a");
    assertThat(lines.problems()).containsExactly(new RowProblem(1, "id is missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\": {\"products\": []}} | no array of objects",
        "{\"data\": []}               | no array of objects",
        "{\"a\": [{\"id\":1}], \"b\": [{\"id\":2}]} | 2 arrays of objects: 'a', 'b'",
      })
  void an_object_that_does_not_show_where_the_products_are_is_refused(String content, String has) {
    assertThatThrownBy(() -> read("c.json", content))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            folder.resolve("c.json")
                + ": is a JSON object that is no product, with "
                + has
                + "; expected products, an array of them, or an object with one array of them,"
                + " such as {\"products\": [...]}");
  }

  @Test
  void rows_that_say_nothing_are_no_rows() throws IOException {
    CatalogFiles read =
        CatalogFiles.read(folder, "c.csv", "id,name,price,,\n,,,,\n\n  \na,A,1,,\nb,B,2\n,,\n");

    assertThat(read.ids()).containsExactly("a", "b");
    assertThat(read.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "c.csv, 'id,name', the column price is missing; expected id",
    "c.csv, '', is empty; expected CSV with a header",
    "c.csv, 'id,id,name,price', the column id is there more than once",
    "c.csv, 'sku,name,price', the column id is missing",
    "c.csv, 'id,\"na\"me,price', line 1: the header is not CSV",
  })
  void a_file_of_another_form_is_refused_at_once(String name, String content, String reason) {
    assertThatThrownBy(() -> read(name, content))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(folder.resolve(name).toString())
        .hasMessageContaining(reason);
  }

  @Test
  void a_missing_column_is_told_with_those_that_the_header_has() {
    assertThatThrownBy(() -> read("c.csv", "Art.-Nr.;\"Name\n(long)\";;Preis\n"))
        .hasMessageContaining("line 1: the column id is missing; expected id, name and price")
        .hasMessageEndingWith(
            "; the delimiter is taken to be a semicolon, which makes the columns 'Art.-Nr.', 'Name"
                + " (long)', 'Preis'; --column id=NAME names one");
    assertThatThrownBy(() -> read("c.csv", "x".repeat(100) + ",y".repeat(1000)))
        .hasMessageContaining("'" + "x".repeat(40) + "…', 'y', 'y'")
        .hasMessageContaining("'y' and 981 more; --column")
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> CatalogFile.open(folder.resolve("none.csv"), problems::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("none.csv: no such file");
  }
}
