package io.vectorstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vectorstream.process.Printable;
import io.vectorstream.store.Because;
import io.vectorstream.store.ProductHit;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The output of found products, as a table or as JSON. */
final class ProductTable {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ProductTable() {}

  static void print(PrintWriter out, List<ProductHit> hits, boolean json) {
    if (json) {
      try {
        out.println(JSON.writeValueAsString(hits));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    } else if (hits.isEmpty()) {
      out.println("Nothing found.");
    } else {
      out.printf("%5s  %10s  %-50s  %-30s  %s%n", "score", "price", "name", "category", "id");
      for (ProductHit hit : hits) {
        out.printf(
            "%5.3f  %,10.2f  %-50s  %-30s  %s%n",
            hit.score(),
            hit.price(),
            Printable.text(hit.name(), 50),
            Printable.text(hit.category() == null ? "" : hit.category(), 30),
            Printable.text(hit.id()) + because(hit.because()));
      }
    }
    out.flush();
  }

  private static String because(Because because) {
    if (because == null) {
      return "";
    }
    String other = because.name() == null ? because.productId() : because.name();
    return "  " + because.engagement() + " with " + Printable.text(other, 40);
  }
}
