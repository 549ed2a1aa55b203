package io.vectorstream.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Catalogues with rows that are damaged at random, and by inch marks. */
class DamagedCatalogTest {
  private static final int SEEDS = 100;
  private static final int ROWS = 60;
  private static final String[] WORDS = {
    "oak",
    "27\"",
    "\"best\"",
    "a, b; c|d",
    "line\nbreak",
    "\"",
    ",",
    "Größe",
    "{x}",
    "[1]",
    "\\",
    ""
  };

  @TempDir private Path folder;

  /** A form of file, with what it makes of a product. */
  private enum Form {
    CSV {
      @Override
      String row(Product product, Random random) {
        boolean quoteAll = random.nextBoolean();
        return List.of(
                    product.id(),
                    product.name(),
                    product.description(),
                    product.category(),
                    String.valueOf(product.price()))
                .stream()
                .map(cell -> quoteAll || cell.matches("(?s).*[\",\n].*") ? quoted(cell) : cell)
                .collect(Collectors.joining(","))
            + "\n";
      }

      @Override
      String file(List<String> rows) {
        return "id,name,description,category,price\n" + String.join("", rows);
      }
    },
    JSON_LINES {
      @Override
      String row(Product product, Random random) {
        return json(product) + "\n";
      }

      @Override
      String file(List<String> rows) {
        return String.join("", rows);
      }
    },
    JSON_ARRAY_IN_LINES {
      @Override
      String row(Product product, Random random) {
        return "  " + json(product);
      }

      @Override
      String file(List<String> rows) {
        return "[\n" + String.join(",\n", rows) + "\n]\n";
      }
    },
    JSON_ARRAY_IN_ONE_LINE {
      @Override
      String row(Product product, Random random) {
        return json(product).toString();
      }

      @Override
      String file(List<String> rows) {
        return "{\"products\":[" + String.join(",", rows) + "],\"total\":1}";
      }
    };

    abstract String row(Product product, Random random);

    abstract String file(List<String> rows);
  }

  private static String quoted(String cell) {
    return "\"" + cell.replace("\"", "\"\"") + "\"";
  }

  private static ObjectNode json(Product product) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("id", product.id()).put("name", product.name());
    node.put("description", product.description()).put("category", product.category());
    node.putArray("variants").addObject().put("id", 1).put("name", "one").put("price", 3);
    return node.put("price", product.price());
  }

  private static Product product(int number, Random random) {
    String words =
        random
            .ints(random.nextInt(6), 0, WORDS.length)
            .mapToObj(i -> WORDS[i])
            .collect(Collectors.joining(" "));
    return new Product(
        "p-%04d".formatted(number),
        ("Lamp " + words).strip(),
        random.nextInt(4) == 0 ? "" : "Of " + words,
        "Home | Light",
        random.nextInt(10_000) / 100.0);
  }

  /** Returns the row with a few of its characters gone, doubled, or with a quote where none was. */
  private static String damaged(String row, Random random) {
    boolean hasEnd = row.endsWith("\n");
    StringBuilder text = new StringBuilder(hasEnd ? row.substring(0, row.length() - 1) : row);
    for (int i = 1 + random.nextInt(3); i > 0 && text.length() > 1; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0, 1 -> text.insert(at, '"');
        case 2 -> text.deleteCharAt(at);
        case 3 -> text.insert(at, text.charAt(at));
        case 4 -> text.setLength(at);
        default -> text.insert(at, ",{[\\;".charAt(random.nextInt(5)));
      }
    }
    return hasEnd ? text.append('\n').toString() : text.toString();
  }

  @ParameterizedTest
  @EnumSource
  void random_damage_costs_no_row_that_is_not_damaged(Form form) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Product> whole = new ArrayList<>();
      List<String> rows = new ArrayList<>();
      Set<String> damagedIds = new HashSet<>();
      for (int i = 0; i < ROWS; i++) {
        Product product = product(i, random);
        String row = form.row(product, random);
        // The first rows show what a product looks like.
        if (i > 2 && random.nextInt(6) == 0) {
          rows.add(damaged(row, random));
          damagedIds.add(product.id());
        } else {
          rows.add(row);
          whole.add(product);
        }
      }

      CatalogFiles read = CatalogFiles.read(folder, "c.file", form.file(rows));

      whole.removeAll(read.products());
      assertThat(whole).as("lost with %s, seed %d", form, seed).isEmpty();
      damagedIds.removeAll(read.ids());
      assertThat(read.problems().isEmpty())
          .as("nothing is told of %s, %s, seed %d", damagedIds, form, seed)
          .isEqualTo(damagedIds.isEmpty());
      assertThat(read.ids()).as("%s, seed %d", form, seed).doesNotContain("1");
    }
  }

  @Test
  void each_inch_mark_that_is_not_doubled_costs_its_row_alone_and_is_counted() throws IOException {
    for (String delimiter : List.of(",", ";", "\t")) {
      List<String> rows = new ArrayList<>();
      int wrong = 0;
      for (int i = 0; i < 1_000; i++) {
        String name =
            switch (i % 10) {
              case 3 -> "\"Monitor 27\" wide\"";
              case 4 -> "\"Monitor 27\"\"";
              case 5 -> "\"Monitor 27\"\" and 32\" wide\"";
              case 6 -> "\"Best\" monitor";
              case 8 -> "\"Monitor";
              case 9 -> "\"Two lines,\nof 27\"\" each\"";
              default -> "Monitor 27\" wide";
            };
        wrong += Set.of(3, 4, 5, 6, 8).contains(i % 10) ? 1 : 0;
        rows.add(String.join(delimiter, "p" + i, name, "Home", "12.50") + "\n");
      }

      CatalogFiles read =
          CatalogFiles.read(
              folder,
              "c.csv",
              String.join(delimiter, "id", "name", "category", "price")
                  + "\n"
                  + String.join("", rows));

      assertThat(read.problems()).as("delimiter '%s'", delimiter).hasSize(wrong);
      assertThat(read.rows()).hasSize(1_000 - wrong);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`x,\"27\" wide\",1`, 1",
        "`x,,1`, 1",
        "`x,\"first 5\" line\nsecond line\",1`, 1",
        "`x,\"first\nsecond\nthird,1`, 1",
        "`x,\"27\" wide\",1\ny,\"32\" wide\",1`, 2",
        "`x,\"27\"\",1\ny,,1`, 2",
        "`x,\"27\"\",1\ny,1`, 2",
        "`x,\"27,1\ny,\"32\" wide\",1`, 2",
        "`x,\"27,1\n\"y\",\"32\",free`, 2",
      })
  void rows_that_are_not_loaded_are_counted_and_the_next_is_read(String wrong, int count)
      throws IOException {
    for (String next : List.of("z,Z,1", "\"z\",\"Z\",\"1\"", "z,\"Z\nof 5\"\" oak\",1")) {
      CatalogFiles read =
          CatalogFiles.read(
              folder, "c.csv", "id,name,price\na,A,1\n" + wrong + "\n" + next + "\nend,End,1\n");

      assertThat(read.ids()).as(wrong + "\n" + next).containsExactly("a", "z", "end");
      assertThat(read.problems()).as(wrong + "\n" + next).hasSize(count);
      assertThat(read.problems().get(0).line()).isEqualTo(3);
    }
  }

  @Test
  void behind_a_damaged_object_one_with_fewer_fields_is_found_by_its_line() throws IOException {
    CatalogFiles read =
        CatalogFiles.read(
            folder,
            "c.json",
            """
            [
              {"id": "a", "name": "A", "description": "x", "price": 1,
                "variants": [
                  {"id": 1, "name": "one", "price": 1}
                ]},
              {"id": "b", "name": "B 27" wide", "description": "x", "price": 1,
                "variants": [
                  {"id": 2, "name": "two", "price": 1}
                ]},
              {"id": "c", "name": "C", "price": 1},
              17,
              {"id": "d", "name": "D", "price": "free"},
              {"id": "e", "name": "E", "price": 2}
            ]
            """);

    assertThat(read.ids()).containsExactly("a", "c", "e");
    assertThat(read.problems()).extracting(RowProblem::line).containsExactly(6L, 11L, 12L);
  }

  @ParameterizedTest
  @CsvSource({"csv", "json"})
  void a_quote_that_is_never_closed_takes_bounded_memory(String form) throws IOException {
    String rest = "x".repeat(1_000) + "\n";
    String wrong = form.equals("csv") ? "b,\"B" : "{\"id\":\"b\",\"name\":\"B";
    String begin =
        form.equals("csv")
            ? "id,name,price\na,A,1\n"
            : "[{\"id\":\"a\",\"name\":\"A\",\"price\":1},";
    String end = form.equals("csv") ? "c,C,1\n" : ",{\"id\":\"c\",\"name\":\"C\",\"price\":1}]";

    CatalogFiles read =
        CatalogFiles.read(folder, "c." + form, begin + wrong + rest.repeat(20_000) + end);

    assertThat(read.ids()).containsExactly("a", "c");
    assertThat(read.problems()).isNotEmpty();
  }

  @Test
  void a_line_without_end_is_one_wrong_row() throws IOException {
    String longLine = "b," + "x".repeat(3 * TextLines.LONGEST) + ",1\n";

    CatalogFiles read =
        CatalogFiles.read(folder, "c.csv", "id,name,price\na,A,1\n" + longLine + "c,C,1\n");

    assertThat(read.ids()).containsExactly("a", "c");
    assertThat(read.problems())
        .containsExactly(new RowProblem(3, "is longer than 1,048,576 characters"));
  }

  @Test
  void of_a_gzip_that_is_cut_off_is_read_what_comes_before() throws IOException {
    StringBuilder rows = new StringBuilder("id,name,price\n");
    for (int i = 0; i < 1_000; i++) {
      rows.append(i).append(",Mug ").append(i * 7919).append(",8\n");
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(rows.toString().getBytes(UTF_8));
    }
    byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);

    CatalogFiles read = CatalogFiles.read(Files.write(folder.resolve("c.csv.gz"), half));

    assertThat(read.rows()).hasSizeGreaterThan(300);
    assertThat(read.problems()).hasSize(1);
    assertThat(read.problems().get(0).reason()).contains("the gzip is damaged");
  }
}
