package io.vectorstream.embedding;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Product texts of real shops. */
final class Listings {
  private Listings() {}

  /** {@code data/products.csv} of the project's data folder; the test is skipped without it. */
  static List<String> texts() throws IOException {
    Path file =
        Path.of(System.getProperty("vectorstream.listings", "../../shared/data/products.csv"));
    assumeThat(file).exists();
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    List<String> texts = new ArrayList<>();
    try (CSVParser records = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
      for (CSVRecord record : records) {
        texts.add(
            ProductText.of(record.get("name"), record.get("description"), record.get("category")));
      }
    }
    return texts;
  }
}
