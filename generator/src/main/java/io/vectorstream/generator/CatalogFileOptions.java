package io.vectorstream.generator;

import io.vectorstream.shop.CatalogFormatOptions;
import io.vectorstream.shop.RowProblems;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that may take its products from a file. */
public final class CatalogFileOptions {
  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description =
          "A catalogue of your own, as catalog load takes it: CSV with id,name,description,"
              + "category,price, JSON, or the export of a shop. Without it, one is made up.")
  private Path file;

  @Mixin private CatalogFormatOptions format;

  /** Returns the given file; empty for a catalogue that is made up. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Returns the products of the file, or those made up.
   *
   * @param err is told of rows that are no product; the others are taken
   * @throws CatalogException as {@link Catalog#read} does
   */
  public Catalog catalog(Supplier<Catalog> madeUp, PrintWriter err) {
    if (file == null) {
      if (format.isGiven()) {
        throw new CatalogException(
            "--delimiter, --encoding, --decimal-mark, --column and --keep-html say how a file is"
                + " read; expected --catalog FILE with them");
      }
      return madeUp.get();
    }
    RowProblems problems = new RowProblems();
    try {
      return Catalog.read(file, format.format(), problems);
    } catch (IllegalArgumentException e) {
      throw new CatalogException(e.getMessage(), e);
    } finally {
      problems.lines(file.toString(), reason -> reason).forEach(err::println);
    }
  }
}
