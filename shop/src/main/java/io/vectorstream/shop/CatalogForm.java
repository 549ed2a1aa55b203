package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
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

  static CatalogForm of(CatalogText text) throws IOException {
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
      return objects(text, start);
    }
    String name = text.file().getFileName().toString().toLowerCase(Locale.ROOT);
    return new CatalogForm(
        name.matches(".*\\.(json|jsonl|ndjson)(\\.gz)?") ? Kind.JSON_LINES : Kind.CSV, 0);
  }

  /** Returns the form of a file that begins with an object: a product, or one with products. */
  private static CatalogForm objects(CatalogText text, String start) throws IOException {
    try (Reader reader = text.open().text();
        JsonParser json = new JsonFactory().createParser(reader)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isProducts = json.currentName().equals("products");
        if (json.nextToken() == JsonToken.START_ARRAY && isProducts) {
          return new CatalogForm(
              Kind.JSON_OBJECTS, json.currentTokenLocation().getCharOffset() + 1);
        }
        json.skipChildren();
      }
      boolean isOneLine =
          json.currentTokenLocation().getLineNr()
              == 1 + start.lines().takeWhile(String::isBlank).count();
      return new CatalogForm(isOneLine ? Kind.JSON_LINES : Kind.JSON_OBJECTS, 0);
    } catch (JsonProcessingException e) {
      // The first object is damaged.
      boolean isOneLine = start.lines().findFirst().orElse("").strip().endsWith("}");
      return new CatalogForm(isOneLine ? Kind.JSON_LINES : Kind.JSON_OBJECTS, 0);
    }
  }
}
