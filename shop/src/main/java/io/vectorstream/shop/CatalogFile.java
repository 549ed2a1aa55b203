package io.vectorstream.shop;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.CountingInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * A catalogue, read product by product: CSV with a header, JSON, or a feed in XML, each also packed
 * with gzip. Its form, its encoding and the meaning of its columns are found out from its content.
 * A wrong row is passed on as a {@link RowProblem}, and the next one is read.
 */
public final class CatalogFile implements AutoCloseable {
  /** The columns of a catalogue, or the fields of a product in JSON. */
  public static final List<String> COLUMNS =
      List.of("id", "name", "description", "category", "price");

  private static final HashFunction FINGERPRINT = Hashing.farmHashFingerprint64();

  private final Path file;
  private final long size;
  private final CatalogSource source;
  private final ProductFields rules;
  private final Consumer<RowProblem> problems;
  private final CountingInputStream bytes;
  private final CatalogRows rows;
  private final CatalogItem.Items items;

  /** The fingerprints of the ids: 1 million of them take some 50 MB. */
  private final Set<Long> ids = new HashSet<>();

  private long hidden;

  private CatalogFile(Path file, CatalogFormat format, Consumer<RowProblem> problems)
      throws IOException {
    this.file = file;
    this.problems = problems;
    this.size = Files.size(file);
    this.source = CatalogSource.of(file, format);
    this.rules = rules(format);
    CatalogText.Opened opened = source.text().open();
    this.bytes = opened.bytes();
    this.rows = source.rows(opened, rules);
    try {
      this.items = items();
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /**
   * Opens a file of which nothing is known.
   *
   * @see #open(Path, CatalogFormat, Consumer)
   */
  public static CatalogFile open(Path file, Consumer<RowProblem> problems) {
    return open(file, CatalogFormat.UNKNOWN, problems);
  }

  /**
   * Opens a file.
   *
   * @param problems receives each wrong row
   * @throws IllegalArgumentException if there is no such file, it is none of the known forms, or a
   *     column is missing
   */
  public static CatalogFile open(Path file, CatalogFormat format, Consumer<RowProblem> problems) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          file + (Files.exists(file) ? ": is not a file" : ": no such file"));
    }
    try {
      return new CatalogFile(file, format, problems);
    } catch (WrongFileException e) {
      throw new IllegalArgumentException(file + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private ProductFields rules(CatalogFormat format) throws IOException {
    ProductFields rules =
        new ProductFields(source.text().encoding(), DecimalMark.POINT, format.keepsHtml());
    DecimalMark mark = format.decimalMark();
    if (mark == null) {
      try (CatalogRows first = source.rows(source.text().open(), rules)) {
        mark = PriceSurvey.of(new Reading(first, problem -> {}));
      }
    }
    return new ProductFields(rules.encoding(), mark, rules.keepsHtml());
  }

  private CatalogItem.Items items() throws IOException {
    Reading all = new Reading(rows, problems);
    return switch (source.columns().kind()) {
      case SHOPIFY -> new ShopifyVariants(all, rules, problems);
      case WOOCOMMERCE -> {
        try (CatalogRows first = source.rows(source.text().open(), rules)) {
          yield WooCommerceVariations.of(new Reading(first, problem -> {}), all, rules, problems);
        }
      }
      default -> all;
    };
  }

  /** The rows of the file that can be read; the others are told. */
  private final class Reading implements CatalogItem.Items {
    private final CatalogRows rows;
    private final Consumer<RowProblem> problems;
    private boolean isEnd;

    Reading(CatalogRows rows, Consumer<RowProblem> problems) {
      this.rows = rows;
      this.problems = problems;
    }

    @Override
    public CatalogItem next() throws IOException {
      while (!isEnd) {
        try {
          RowFields fields = rows.next();
          if (fields == null) {
            return null;
          }
          return new CatalogItem(rows.line(), source.columns().of(fields));
        } catch (WrongRowException e) {
          problems.accept(new RowProblem(rows.line(), e.getMessage()));
          isEnd = e.isLast();
        } catch (EOFException | ZipException e) {
          problems.accept(
              new RowProblem(
                  rows.line(),
                  "is the last that can be read, as the gzip is damaged: " + e.getMessage()));
          isEnd = true;
        }
      }
      return null;
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

  /** Returns how many products were left out so far because the shop shows them to nobody. */
  public long hidden() {
    return hidden;
  }

  /** Returns what the file is taken to be, in a few words. */
  public String description() {
    return source + ", a decimal " + (rules.decimalMark() == DecimalMark.POINT ? "point" : "comma");
  }

  /**
   * Returns the next row that is a product; null at the end.
   *
   * @throws UncheckedIOException if reading the file fails
   */
  public CatalogRow next() {
    while (true) {
      CatalogItem item;
      try {
        item = items.next();
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
      }
      if (item == null) {
        return null;
      }
      try {
        if (ProductFields.isHidden(item.fields())) {
          hidden++;
        } else {
          return row(item);
        }
      } catch (WrongRowException e) {
        problems.accept(new RowProblem(item.line(), e.getMessage()));
      }
    }
  }

  private CatalogRow row(CatalogItem item) throws WrongRowException {
    CatalogRow row = new CatalogRow(item.line(), rules.product(item.fields()));
    if (!ids.add(FINGERPRINT.hashString(row.id(), StandardCharsets.UTF_8).asLong())) {
      throw new WrongRowException("id is that of a row before; expected each product once", false);
    }
    return row;
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      // The file was only read.
    }
  }
}
