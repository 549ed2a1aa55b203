package io.vectorstream.words;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vectorstream.config.Words;
import io.vectorstream.shop.Product;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The words of products and of searches as sparse vectors, whose dot product is BM25 once the
 * server has multiplied each weight of the search by the term's inverse document frequency.
 *
 * <p>A term's weight in a product is {@code tf (k1 + 1) / (tf + k1 (1 - b + b length / average))},
 * with {@code k1} = {@value #K1} and {@code b} = {@value #B}, as in S. Robertson and H. Zaragoza,
 * "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). Where a text has fields, {@code
 * tf} and {@code length} are their sums, each field multiplied by its weight: the simple BM25F of
 * S. Robertson, H. Zaragoza and M. Taylor, "Simple BM25 extension to multiple weighted fields"
 * (2004). A name counts {@value #NAME} times. Any number of threads may use it.
 */
public final class ProductWords {

  /** How soon another occurrence of a term in a product counts no more. */
  static final double K1 = 1.2;

  /** How much a long text counts against its terms, 0 to 1. */
  static final double B = 0.75;

  /** The weight of a name; that of the other fields is 1. */
  static final int NAME = 3;

  /**
   * Products whose words are kept, about 1 kB each: a product that is looked at is written with
   * each batch, and its text is the same mostly.
   */
  private static final int KEPT = 20_000;

  private final Cache<HashCode, WordVector> kept =
      Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();
  private final TextAnalysis analysis;
  private final double averageLength;

  public ProductWords(Words settings) {
    this.analysis = new TextAnalysis(settings.list());
    this.averageLength = settings.averageLength();
  }

  /** Returns the terms of a product with their weights. The same product has the same vector. */
  public WordVector of(Product product) {
    return kept.get(key(product), none -> weighted(product));
  }

  private static HashCode key(Product product) {
    Hasher key = Hashing.sha256().newHasher();
    for (String field :
        Arrays.asList(product.id(), product.name(), product.category(), product.description())) {
      String text = field == null ? "" : field;
      key.putInt(text.length()).putUnencodedChars(text);
    }
    return key.hash();
  }

  private WordVector weighted(Product product) {
    Fields fields = fields(product);
    Map<String, Double> weights = new HashMap<>();
    fields.counts.forEach((term, count) -> weights.put(term, weight(count, fields.length)));
    return WordVector.of(weights);
  }

  /** Returns the length of a product, whose mean is the setting's average. */
  public double length(Product product) {
    return fields(product).length;
  }

  private Fields fields(Product product) {
    Fields fields = new Fields();
    for (String piece : TextAnalysis.pieces(product.id())) {
      fields.addId(piece);
    }
    fields.add(analysis.terms(product.name()), NAME);
    fields.add(analysis.terms(product.category()), 1);
    fields.add(analysis.terms(product.description()), 1);
    return fields;
  }

  private double weight(double count, double length) {
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / averageLength));
  }

  /** Returns the terms of a search; each has the weight 1, however often it is there. */
  public WordVector ofSearch(String text) {
    Map<String, Double> weights = new HashMap<>();
    analysis.terms(text).counts().keySet().forEach(term -> weights.put(term, 1.0));
    return WordVector.of(weights);
  }

  /**
   * Returns the part numbers and ids of a search alone, as wholes: a product that has one of them
   * is the one that was meant. Empty if there are none.
   */
  public WordVector partNumbers(String text) {
    Map<String, Double> weights = new HashMap<>();
    for (String piece : TextAnalysis.pieces(text)) {
      PartNumber.name(piece).ifPresent(whole -> weights.put(whole, 1.0));
    }
    return WordVector.of(weights);
  }

  /** The sums of a product's fields. */
  private static final class Fields {
    private final Map<String, Double> counts = new HashMap<>();
    private double length;

    private void add(Terms field, int weight) {
      field
          .counts()
          .forEach((term, count) -> counts.merge(term, (double) weight * count, Double::sum));
      length += weight * field.length();
    }

    private void addId(String piece) {
      PartNumber.terms(piece).forEach(term -> counts.merge(term, 1.0, Double::sum));
      length++;
    }
  }
}
