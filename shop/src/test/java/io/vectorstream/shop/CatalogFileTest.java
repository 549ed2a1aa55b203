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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "x,N         | price is missing",
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
        "{\"id\":\"x\",\"name\":\"N\",\"price\":\"1\"} | price is string; expected a number",
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

  @Test
  void a_quote_that_is_never_closed_ends_the_file_with_a_report() throws IOException {
    assertThat(read("c.csv", "id,name,price\na,A,1\nb,\"B,2\nc,C,3\n"))
        .extracting(CatalogRow::id)
        .containsExactly("a");
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.reason())
                  .startsWith("is not CSV, and what follows cannot be read");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "c.csv, 'id,name', the column price is missing; expected id",
    "c.csv, '', the column id is missing",
    "c.csv, 'id,id,name,price', line 1",
    "c.txt, 'id,name,price', expected a file that ends in .csv"
  })
  void a_file_of_another_form_is_refused_at_once(String name, String content, String reason) {
    assertThatThrownBy(() -> read(name, content))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(folder.resolve(name).toString())
        .hasMessageContaining(reason);
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> CatalogFile.open(folder.resolve("none.csv"), problems::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("none.csv: no such file");
  }
}
