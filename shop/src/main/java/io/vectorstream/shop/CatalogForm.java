package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.Reader;
import java.util.Locale;

/**
 * The form of a catalogue file, found out from how it begins.
 *
 * @param skipped characters before the first object of {@link Kind#JSON_OBJECTS}
 */
record CatalogForm(Kind kind, long skipped) {
  enum Kind {
    CSV,
    JSON_LINES,
    JSON_OBJECTS,
    XML
  }

  private static final int BEGINNING = 1 << 13;

  /**
   * Finds out the form.
   *
   * @param columns of JSON
   * @throws WrongFileException if it is one JSON object that does not show where the products are
   */
  static CatalogForm of(CatalogText text, ProductColumns columns) throws IOException {
    char[] beginning = new char[BEGINNING];
    int length;
    try (Reader reader = text.open().text()) {
      length = Math.max(0, reader.read(beginning));
    }
    String start = new String(beginning, 0, length).stripLeading();
    if (start.startsWith("<")) {
      return new CatalogForm(Kind.XML, 0);
    }
    if (start.startsWith("[")) {
      return new CatalogForm(Kind.JSON_OBJECTS, 0);
    }
    if (start.startsWith("{")) {
      return objects(text, columns, start);
    }
    String name = text.file().getFileName().toString().toLowerCase(Locale.ROOT);
    return new CatalogForm(
        name.matches(".*\\.(json|jsonl|ndjson)(\\.gz)?") ? Kind.JSON_LINES : Kind.CSV, 0);
  }

  /** Returns the form of a file that begins with an object: a product, or one with products. */
  private static CatalogForm objects(CatalogText text, ProductColumns columns, String start)
      throws IOException {
    try (Reader reader = text.open().text();
        JsonParser json = new JsonFactory().createParser(reader)) {
      FirstObject first = FirstObject.read(json, columns);
      if (first.productsAt() >= 0) {
        return new CatalogForm(Kind.JSON_OBJECTS, first.productsAt());
      }
      boolean isOneLine = first.lastLine() == 1 + start.lines().takeWhile(String::isBlank).count();
      return new CatalogForm(isOneLine ? Kind.JSON_LINES : Kind.JSON_OBJECTS, 0);
    } catch (JsonProcessingException e) {
      // The first object is damaged.
      boolean isOneLine = start.lines().findFirst().orElse("").strip().endsWith("}");
      return new CatalogForm(isOneLine ? Kind.JSON_LINES : Kind.JSON_OBJECTS, 0);
    }
  }
}
