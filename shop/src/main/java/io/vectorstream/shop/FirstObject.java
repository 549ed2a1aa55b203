package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The first JSON object of a file: a product, or what has the products in an array. */
final class FirstObject {
  private static final String PRODUCTS = "products";

  private final JsonParser json;
  private final ProductColumns columns;

  /** Which of the columns that a product has to have the object has itself. */
  private final Set<String> own = new HashSet<>();

  /** The arrays that begin with an object, by their names. */
  private final Map<String, Array> arrays = new LinkedHashMap<>();

  private long productsAt = -1;
  private long lastLine;

  /**
   * An array of objects.
   *
   * @param begin the characters of the file before its first object
   * @param isOfProducts whether this object has all that a product has to have
   */
  private record Array(long begin, boolean isOfProducts) {}

  private FirstObject(JsonParser json, ProductColumns columns) {
    this.json = json;
    this.columns = columns;
  }

  /**
   * Reads the object, up to the array {@code products} if it has one.
   *
   * @param json before the object
   * @throws JsonProcessingException if it is damaged
   * @throws WrongFileException if it is all of the file, and does not show where the products are
   */
  static FirstObject read(JsonParser json, ProductColumns columns) throws IOException {
    FirstObject first = new FirstObject(json, columns);
    first.read();
    return first;
  }

  private void read() throws IOException {
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      addTo(own, name);
      if (json.nextToken() != JsonToken.START_ARRAY) {
        json.skipChildren();
        continue;
      }
      long begin = json.currentTokenLocation().getCharOffset() + 1;
      if (name.equals(PRODUCTS)) {
        productsAt = begin;
        return;
      }
      readArray(name, begin);
    }
    lastLine = json.currentTokenLocation().getLineNr();
    if (!isProduct(own) && isAlone()) {
      findProducts();
    }
  }

  private void readArray(String name, long begin) throws IOException {
    if (json.nextToken() == JsonToken.START_OBJECT) {
      Set<String> ofFirst = new HashSet<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        addTo(ofFirst, json.currentName());
        json.nextToken();
        json.skipChildren();
      }
      arrays.put(name, new Array(begin, isProduct(ofFirst)));
      json.nextToken();
    }
    while (json.currentToken() != JsonToken.END_ARRAY) {
      json.skipChildren();
      json.nextToken();
    }
  }

  private void addTo(Set<String> found, String name) {
    String normal = ColumnNames.normal(name);
    CatalogSource.REQUIRED.stream()
        .filter(column -> columns.named(column).contains(normal))
        .forEach(found::add);
  }

  private static boolean isProduct(Set<String> found) {
    return found.containsAll(CatalogSource.REQUIRED);
  }

  /** Returns whether nothing comes behind it: otherwise it is the first of several objects. */
  private boolean isAlone() throws IOException {
    try {
      return json.nextToken() == null;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Finds the one array of products or, where the object has nothing of one, of any objects. */
  private void findProducts() {
    List<Array> found = arrays.values().stream().filter(Array::isOfProducts).toList();
    if (found.isEmpty() && own.isEmpty()) {
      found = List.copyOf(arrays.values());
    }
    if (found.size() == 1) {
      productsAt = found.get(0).begin();
    } else if (found.size() > 1 || own.isEmpty()) {
      throw new WrongFileException(
          (": is a JSON object that is no product, with %s; expected products, an array of them, or"
                  + " an object with one array of them, such as {\"products\": [...]}")
              .formatted(
                  arrays.isEmpty()
                      ? "no array of objects"
                      : arrays.size() + " arrays of objects: " + ShownNames.of(arrays.keySet())));
    }
  }

  /**
   * Returns how many characters of the file are before the first product of its array of products;
   * -1 if it has none, and is to be read as a product.
   */
  long productsAt() {
    return productsAt;
  }

  /** Returns the line in which it ends, from 1. */
  long lastLine() {
    return lastLine;
  }
}
