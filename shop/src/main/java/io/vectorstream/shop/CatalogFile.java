package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.CountingInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * A catalogue, read row by row: CSV with a header, or one JSON object a line, according to the
 * file's name. A wrong row is passed on as a {@link RowProblem}, and the next one is read.
 */
public final class CatalogFile implements AutoCloseable {
  /** The columns of a catalogue, or the fields of a product in JSON. */
  public static final List<String> COLUMNS =
      List.of("id", "name", "description", "category", "price");

  private static final List<String> REQUIRED = List.of("id", "name", "price");
  private static final HashFunction FINGERPRINT = Hashing.farmHashFingerprint64();
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final Path file;
  private final long size;
  private final CountingInputStream bytes;
  private final BufferedReader text;
  private final Consumer<RowProblem> problems;

  /** The parser of CSV; null for JSON lines. */
  private final CSVParser csv;

  private final Iterator<CSVRecord> records;

  /** The fingerprints of the ids: 1 million of them take some 50 MB. */
  private final Set<Long> ids = new HashSet<>();

  private long line;

  private CatalogFile(Path file, boolean isCsv, Consumer<RowProblem> problems) throws IOException {
    this.file = file;
    this.problems = problems;
    this.size = Files.size(file);
    this.bytes = new CountingInputStream(Files.newInputStream(file));
    try {
      this.text = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
      this.csv = isCsv ? parser() : null;
      this.records = isCsv ? csv.iterator() : null;
      if (isCsv) {
        checkHeader();
        line = csv.getCurrentLineNumber();
      }
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Opens a file.
   *
   * @param problems receives each wrong row
   * @throws IllegalArgumentException if there is no such file, its name has no known ending, or a
   *     column is missing
   */
  public static CatalogFile open(Path file, Consumer<RowProblem> problems) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          file + (Files.exists(file) ? ": is not a file" : ": no such file"));
    }
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    boolean isCsv = name.endsWith(".csv");
    if (!isCsv && !name.endsWith(".jsonl") && !name.endsWith(".json")) {
      throw new IllegalArgumentException(
          file
              + ": expected a file that ends in .csv, or in .jsonl or .json with a product a line");
    }
    try {
      return new CatalogFile(file, isCsv, problems);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private CSVParser parser() throws IOException {
    try {
      return CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY)
          .setIgnoreEmptyLines(true)
          .get()
          .parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ", line 1: " + e.getMessage(), e);
    }
  }

  private void checkHeader() {
    for (String column : REQUIRED) {
      if (!csv.getHeaderMap().containsKey(column)) {
        throw new IllegalArgumentException(
            "%s, line 1: the column %s is missing; expected id, name and price, and description and category where there are any"
                .formatted(file, column));
      }
    }
  }

  /** Returns the size of the file in bytes. */
  public long size() {
    return size;
  }

  /** Returns the bytes read so far: some more than those of the returned rows. */
  public long bytesRead() {
    return bytes.getCount();
  }

  /**
   * Returns the next row that is a product; null at the end.
   *
   * @throws UncheckedIOException if reading the file fails
   */
  public CatalogRow next() {
    while (true) {
      try {
        RowFields fields = csv == null ? nextLine() : nextRecord();
        if (fields == null) {
          return null;
        }
        CatalogRow row = new CatalogRow(line, ProductFields.product(fields));
        if (!ids.add(FINGERPRINT.hashString(row.id(), StandardCharsets.UTF_8).asLong())) {
          throw new WrongRowException(
              "id is that of a row before; expected each product once", false);
        }
        return row;
      } catch (WrongRowException e) {
        problems.accept(new RowProblem(line, e.getMessage()));
        if (e.isLast()) {
          return null;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
  }

  /** The fields of a row by name; null where the row does not have one. */
  interface RowFields {
    String text(String name) throws WrongRowException;
  }

  private RowFields nextRecord() throws WrongRowException {
    line = csv.getCurrentLineNumber() + 1;
    try {
      if (!records.hasNext()) {
        return null;
      }
      CSVRecord record = records.next();
      return name -> record.isSet(name) ? record.get(name) : null;
    } catch (UncheckedIOException | IllegalStateException e) {
      // An unclosed quote: the beginning of the next row is not known.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new WrongRowException(
          "is not CSV, and what follows cannot be read: " + cause.getMessage(), true);
    }
  }

  private RowFields nextLine() throws IOException, WrongRowException {
    String json;
    do {
      json = text.readLine();
      line++;
    } while (json != null && json.isBlank());
    if (json == null) {
      return null;
    }
    try {
      JsonNode fields = JSON.readTree(json);
      if (fields.isObject()) {
        return name -> jsonText(fields.get(name), name);
      }
    } catch (JsonProcessingException e) {
      throw new WrongRowException("is not JSON: " + e.getOriginalMessage(), false);
    }
    throw new WrongRowException("is not a JSON object; expected one product a line", false);
  }

  private static String jsonText(JsonNode value, String name) throws WrongRowException {
    if (value == null || value.isNull()) {
      return null;
    }
    boolean right = name.equals("price") ? value.isNumber() : value.isTextual() || value.isNumber();
    if (!right) {
      throw new WrongRowException(
          "%s is %s; expected a %s"
              .formatted(
                  name,
                  value.getNodeType().name().toLowerCase(Locale.ROOT),
                  name.equals("price") ? "number" : "text"),
          false);
    }
    return value.asText();
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      // The file was only read.
    }
  }
}
