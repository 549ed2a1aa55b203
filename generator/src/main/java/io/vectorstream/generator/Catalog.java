package io.vectorstream.generator;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The products of a shop, made up or read from a file. */
public final class Catalog {

  private final List<Product> products;
  private final List<Shelf> shelves;

  Catalog(List<Product> products, List<Shelf> shelves) {
    this.products = List.copyOf(products);
    this.shelves = List.copyOf(shelves);
  }

  /**
   * Makes up products in 16 categories, each with a name of its own. The same size and seed give
   * the same products, and a smaller catalogue is the beginning of a larger one.
   *
   * @param size products, from 1
   */
  public static Catalog generate(int size, long seed) {
    if (size < 1) {
      throw new IllegalArgumentException("a catalogue needs 1 product or more, not " + size);
    }
    return new CatalogComposer(seed).compose(size);
  }

  /**
   * Reads a catalogue: {@code .csv} (RFC 4180 with a header that has id, name, description,
   * category and price in any order) or {@code .jsonl} or {@code .json} (an object with these
   * fields on each line), in UTF-8. Other columns and fields are ignored.
   *
   * @throws CatalogException when the file is missing or not as described
   * @throws IOException when reading fails
   */
  public static Catalog read(Path file) throws IOException {
    return new CatalogReader(file).read();
  }

  /** Writes the catalogue as a CSV file that {@link #read} takes. */
  public void write(Path file) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180.builder().setHeader(CatalogReader.COLUMNS.toArray(String[]::new)).get();
    try (Writer out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (Product p : products) {
        csv.printRecord(
            p.id(),
            p.name(),
            p.description(),
            p.category(),
            BigDecimal.valueOf(p.price()).toPlainString());
      }
    }
  }

  public List<Product> products() {
    return products;
  }

  /** Returns the shelves; every product is on exactly one. */
  List<Shelf> shelves() {
    return shelves;
  }
}
