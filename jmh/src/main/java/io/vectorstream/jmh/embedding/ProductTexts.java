package io.vectorstream.jmh.embedding;

import io.vectorstream.embedding.ProductText;
import io.vectorstream.generator.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The texts to embed: of generated products, and of real ones if a file with them is given. */
final class ProductTexts {
  static final String GENERATED = "generated";
  static final String REAL = "real";

  /** A CSV file with the columns {@code id,name,description,category,price}. */
  private static final String PROPERTY = "vectorstream.listings";

  private static final String DEFAULT = "../shared/data/products.csv";
  private static final int COUNT = 455;

  private ProductTexts() {}

  static List<String> named(String name) throws IOException {
    return switch (name) {
      case GENERATED -> texts(Catalog.generate(COUNT, 1));
      case REAL -> {
        if (!hasReal()) {
          throw new IOException(missing());
        }
        yield texts(Catalog.read(listings()));
      }
      default ->
          throw new IllegalArgumentException(
              "there are no texts named " + name + "; expected " + GENERATED + " or " + REAL);
    };
  }

  static boolean hasReal() {
    return Files.isRegularFile(listings());
  }

  static String missing() {
    return "there is no file of real listings, %s; name one by -D%s=FILE (CSV: id,name,description,category,price)"
        .formatted(listings().toAbsolutePath().normalize(), PROPERTY);
  }

  private static Path listings() {
    return Path.of(System.getProperty(PROPERTY, DEFAULT));
  }

  private static List<String> texts(Catalog catalog) {
    return catalog.products().stream()
        .map(p -> ProductText.of(p.name(), p.description(), p.category()))
        .toList();
  }
}
