package io.vectorstream.shop;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogEncodingTest {
  private static final String CSV = "id,name,price\r\na,Café crème,1\r\nb,Größe 5,2\r\n";
  private static final String JSON =
      "[{\"id\":\"a\",\"name\":\"Café crème\",\"price\":1},{\"id\":\"b\",\"name\":\"Größe 5\",\"price\":2}]";
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  @TempDir private Path folder;

  private CatalogFiles read(byte[] content) throws IOException {
    return CatalogFiles.read(Files.write(folder.resolve("c.csv"), content));
  }

  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, '', 'UTF-8'",
    "UTF-8, \ufeff, 'UTF-8 with a byte order mark'",
    "UTF-16LE, \ufeff, 'UTF-16LE with a byte order mark'",
    "UTF-16BE, \ufeff, 'UTF-16BE with a byte order mark'",
    "UTF-16LE, '', UTF-16LE",
    "UTF-16BE, '', UTF-16BE",
    "windows-1252, '', windows-1252",
  })
  void the_encoding_is_found_out_and_told(Charset encoding, String mark, String told)
      throws IOException {
    for (String content : new String[] {CSV, JSON}) {
      byte[] bytes = (mark + content).getBytes(encoding);
      CatalogFiles plain = read(bytes);

      assertThat(plain.products())
          .extracting(Product::name)
          .containsExactly("Café crème", "Größe 5");
      assertThat(plain.problems()).isEmpty();
      assertThat(plain.description()).contains(", " + told + ",");
      CatalogFiles gzip = read(packed(bytes));
      assertThat(gzip.rows()).isEqualTo(plain.rows());
      assertThat(gzip.description()).contains(told + ", gzip,");
    }
  }

  @Test
  void a_given_encoding_is_taken() throws IOException {
    Charset turkish = Charset.forName("windows-1254");
    Path file = Files.write(folder.resolve("c.csv"), "id,name,price\na,Şal,1\n".getBytes(turkish));

    assertThat(
            CatalogFiles.read(file, new CatalogFormat(null, turkish, null, Map.of(), false))
                .products())
        .extracting(Product::name)
        .containsExactly("Şal");
  }

  @Test
  void a_character_beyond_ascii_at_the_end_of_a_long_file_counts_too() throws IOException {
    StringBuilder content = new StringBuilder("id,name,price\n");
    for (int i = 0; i < 20_000; i++) {
      content.append("p").append(i).append(",Pot,1\n");
    }
    content.append("last,Café,1\n");

    assertThat(read(content.toString().getBytes(WINDOWS)).products())
        .last()
        .extracting(Product::name)
        .isEqualTo("Café");
    assertThat(read(content.toString().getBytes(UTF_8)).products())
        .last()
        .extracting(Product::name)
        .isEqualTo("Café");
  }

  @Test
  void bytes_that_are_no_character_spoil_their_row_only() throws IOException {
    byte[] content = CSV.getBytes(WINDOWS);
    // A byte that windows-1252 does not have.
    content[CSV.indexOf('é')] = (byte) 0x81;

    CatalogFiles read = read(content);

    assertThat(read.ids()).containsExactly("b");
    assertThat(read.problems())
        .containsExactly(new RowProblem(2, "name has bytes that are not windows-1252"));
  }

  @Test
  void of_a_gzip_that_is_cut_off_the_beginning_is_loaded_and_the_rest_told() throws IOException {
    StringBuilder content = new StringBuilder("id,name,price\n");
    for (int i = 0; i < 20_000; i++) {
      content.append(i).append(",Pot number ").append(i * 31 % 1009).append(",1\n");
    }
    byte[] gzip = packed(content.toString().getBytes(UTF_8));

    CatalogFiles read = read(Arrays.copyOf(gzip, gzip.length / 2));

    assertThat(read.rows()).hasSizeBetween(1_000, 19_000);
    assertThat(read.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.reason()).contains("the gzip is damaged"));
  }

  @Test
  void a_workbook_is_refused_by_name() {
    assertThatThrownBy(() -> read(new byte[] {'P', 'K', 3, 4, 0, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a workbook or a ZIP archive; expected CSV");
  }

  @Test
  void utf_16_with_a_damaged_end_is_read_up_to_it() throws IOException {
    byte[] content = ("\ufeff" + CSV).getBytes(UTF_16LE);
    assertThat(read(Arrays.copyOf(content, content.length - 1)).ids()).contains("a");
    assertThat(read(("\ufeff" + CSV).getBytes(UTF_16BE)).ids()).containsExactly("a", "b");
  }
}
