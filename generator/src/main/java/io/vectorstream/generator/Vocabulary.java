package io.vectorstream.generator;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The words that products are made of: one resource file a category, and one with phrases for all.
 *
 * @param phrases for all categories
 * @param departments one a category
 */
record Vocabulary(Phrases phrases, List<Department> departments) {

  /**
   * Phrases for all categories; names in braces stand for words of the product.
   *
   * @param files the categories' files
   * @param lines names of product lines
   * @param openings first sentences of a description
   * @param usages sentences about its use
   * @param names patterns of a product's name
   */
  record Phrases(
      List<String> files,
      List<String> lines,
      List<String> openings,
      List<String> usages,
      List<String> names) {}

  /**
   * @param brands from cheap to expensive
   * @param qualifiers materials, formats or origins
   * @param looks its appearance or packaging
   * @param details sentences that are true of anything in the category
   */
  record Department(
      String category,
      List<String> brands,
      List<String> qualifiers,
      List<String> audiences,
      List<String> looks,
      List<String> details,
      List<ProductType> types) {}

  /**
   * @param cheapest the lowest price
   * @param dearest the highest price
   * @param qualifiers instead of the department's; null: those
   * @param features each with a sentence that explains it
   */
  record ProductType(
      String name,
      double cheapest,
      double dearest,
      List<String> qualifiers,
      Map<String, String> features,
      List<String> uses) {}

  static Vocabulary load() {
    ObjectMapper json = new ObjectMapper();
    Phrases phrases = read(json, "phrases.json", Phrases.class);
    return new Vocabulary(
        phrases, phrases.files().stream().map(file -> read(json, file, Department.class)).toList());
  }

  private static <T> T read(ObjectMapper json, String file, Class<T> type) {
    try (InputStream in = Vocabulary.class.getResourceAsStream("catalog/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the resource catalog/" + file + " is missing");
      }
      return json.readValue(in, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
