package io.vectorstream.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A reader of one catalogue file, which reports errors with their line. */
final class CatalogReader {

  static final List<String> COLUMNS = List.of("id", "name", "description", "category", "price");

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final Path file;
  private final List<Product> products = new ArrayList<>();
  private final Map<String, Long> lineOfId = new HashMap<>();

  CatalogReader(Path file) {
    this.file = file;
  }

  Catalog read() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CatalogException("catalogue file not found: " + file);
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      in.mark(1);
      if (in.read() != BYTE_ORDER_MARK) {
        in.reset();
      }
      if (name.endsWith(".csv")) {
        readCsv(in);
      } else if (name.endsWith(".jsonl") || name.endsWith(".json")) {
        readJsonLines(in);
      } else {
        throw new CatalogException(file + ": expected a file that ends in .csv, .jsonl or .json");
      }
    } catch (CharacterCodingException e) {
      throw new CatalogException(file + ": is not valid UTF-8", e);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof CharacterCodingException
          ? new CatalogException(file + ": is not valid UTF-8", e)
          : new CatalogException(file + ": is not valid CSV: " + e.getCause().getMessage(), e);
    }
    if (products.isEmpty()) {
      throw new CatalogException(file + ": has no products");
    }
    return new Catalog(products, ListedShelves.of(products));
  }

  private void readCsv(BufferedReader in) throws IOException {
    try (CSVParser csv = parser(in)) {
      for (String column : COLUMNS) {
        if (!csv.getHeaderMap().containsKey(column)) {
          throw new CatalogException(
              file
                  + ", line 1: column "
                  + column
                  + " is missing; expected the columns "
                  + String.join(", ", COLUMNS));
        }
      }
      Iterator<CSVRecord> records = csv.iterator();
      long line = csv.getCurrentLineNumber() + 1;
      while (records.hasNext()) {
        CSVRecord record = records.next();
        long here = line;
        add(
            here,
            column -> {
              if (!record.isSet(column)) {
                throw wrong(
                    here, column, "is missing; expected " + COLUMNS.size() + " values or more");
              }
              return record.get(column);
            });
        line = csv.getCurrentLineNumber() + 1;
      }
    }
  }

  private CSVParser parser(BufferedReader in) throws IOException {
    try {
      return CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .get()
          .parse(in);
    } catch (IllegalArgumentException e) {
      throw new CatalogException(file + ", line 1: " + e.getMessage(), e);
    }
  }

  private void readJsonLines(BufferedReader in) throws IOException {
    ObjectMapper json = new ObjectMapper();
    long line = 0;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      long here = ++line;
      if (!text.isBlank()) {
        JsonNode fields = parse(json, text, here);
        add(here, field -> value(fields, field, here));
      }
    }
  }

  private JsonNode parse(ObjectMapper json, String text, long line) {
    try {
      JsonNode fields = json.readTree(text);
      if (fields.isObject()) {
        return fields;
      }
    } catch (JsonProcessingException e) {
      throw new CatalogException(
          file + ", line " + line + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new CatalogException(file + ", line " + line + ": expected one JSON object a line");
  }

  private String value(JsonNode fields, String field, long line) {
    JsonNode value = fields.get(field);
    if (value == null || value.isNull()) {
      if (field.equals("description") || field.equals("category")) {
        return "";
      }
      throw wrong(line, field, "is missing");
    }
    if (value.isContainerNode()) {
      throw wrong(line, field, "must be a plain value");
    }
    return value.asText();
  }

  private void add(long line, UnaryOperator<String> value) {
    String id = notBlank(line, "id", value);
    String name = notBlank(line, "name", value);
    Long before = lineOfId.putIfAbsent(id, line);
    if (before != null) {
      throw wrong(line, "id", "\"" + id + "\" was already used in line " + before);
    }
    products.add(
        new Product(
            id,
            name,
            value.apply("description"),
            value.apply("category"),
            price(line, value.apply("price"))));
  }

  private String notBlank(long line, String column, UnaryOperator<String> value) {
    String text = value.apply(column);
    if (text.isBlank()) {
      throw wrong(line, column, "must not be empty");
    }
    return text;
  }

  private double price(long line, String text) {
    try {
      double price = Double.parseDouble(text);
      if (price >= 0 && price < Double.POSITIVE_INFINITY) {
        return price;
      }
    } catch (NumberFormatException e) {
      // The exception below says so.
    }
    throw wrong(
        line, "price", "must be a number, 0 or more, such as 19.99, but is \"" + text + "\"");
  }

  private CatalogException wrong(long line, String column, String what) {
    return new CatalogException(file + ", line " + line + ": " + column + " " + what);
  }
}
