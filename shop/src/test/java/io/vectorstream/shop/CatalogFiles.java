package io.vectorstream.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a catalogue file gives: its products, its wrong rows, and what it was taken to be. */
record CatalogFiles(
    List<CatalogRow> rows, List<RowProblem> problems, String description, long hidden) {

  static CatalogFiles read(Path file, CatalogFormat format) {
    List<CatalogRow> rows = new ArrayList<>();
    List<RowProblem> problems = new ArrayList<>();
    try (CatalogFile catalog = CatalogFile.open(file, format, problems::add)) {
      for (CatalogRow row = catalog.next(); row != null; row = catalog.next()) {
        rows.add(row);
      }
      return new CatalogFiles(rows, problems, catalog.description(), catalog.hidden());
    }
  }

  static CatalogFiles read(Path file) {
    return read(file, CatalogFormat.UNKNOWN);
  }

  static CatalogFiles read(Path folder, String name, String content) throws IOException {
    return read(Files.write(folder.resolve(name), content.getBytes(UTF_8)));
  }

  List<Product> products() {
    return rows.stream().map(CatalogRow::product).toList();
  }

  List<String> ids() {
    return rows.stream().map(CatalogRow::id).toList();
  }
}
