package io.vectorstream.generator;

import com.google.common.base.Strings;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.CatalogFormat;
import io.vectorstream.shop.CatalogRow;
import io.vectorstream.shop.Product;
import io.vectorstream.shop.RowProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
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
   * Reads a catalogue of which every row has to be a product.
   *
   * @throws CatalogException when the file is missing, has no products, or has a row that is not as
   *     described; the message names the row
   */
  public static Catalog read(Path file) {
    return read(file, CatalogFormat.UNKNOWN, problem -> refuse(file, problem));
  }

  /**
   * Reads a catalogue as {@link CatalogFile} does.
   *
   * @param problems receives each row that is no product; the others are taken
   * @throws CatalogException when the file is missing, cannot be a catalogue, or has no products
   */
  public static Catalog read(Path file, CatalogFormat format, Consumer<RowProblem> problems) {
    List<Product> products = new ArrayList<>();
    try (CatalogFile rows = CatalogFile.open(file, format, problems)) {
      for (CatalogRow row = rows.next(); row != null; row = rows.next()) {
        products.add(withTexts(row.product()));
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new CatalogException(e.getMessage(), e);
    }
    if (products.isEmpty()) {
      throw new CatalogException(file + ": has no products");
    }
    return new Catalog(products, ListedShelves.of(products));
  }

  /** Returns the product with an empty text for one that it does not have. */
  private static Product withTexts(Product product) {
    return new Product(
        product.id(),
        product.name(),
        Strings.nullToEmpty(product.description()),
        Strings.nullToEmpty(product.category()),
        product.price());
  }

  private static void refuse(Path file, RowProblem problem) {
    throw new CatalogException("%s, line %d: %s".formatted(file, problem.line(), problem.reason()));
  }

  /**
   * Returns the same products on the same shelves, but for a share of them whose text says nothing
   * of what they are: they have a number for a name, no description and no category.
   *
   * @param share 0 to 1
   */
  public Catalog terse(double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Product> all = new ArrayList<>();
    for (Product product : products) {
      all.add(
          random.nextDouble() < share
              ? new Product(
                  product.id(), "Article " + (100_000 + all.size()), "", "", product.price())
              : product);
    }
    return new Catalog(all, shelves);
  }

  /** Writes the catalogue as a CSV file that {@link #read} takes. */
  public void write(Path file) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180.builder().setHeader(CatalogFile.COLUMNS.toArray(String[]::new)).get();
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
