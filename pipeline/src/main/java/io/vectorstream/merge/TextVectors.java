package io.vectorstream.merge;

import io.vectorstream.embedding.EmbeddingException.FailedText;
import io.vectorstream.embedding.EmbeddingService.Embedded;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Embeddings of texts, as far as they exist: a text that is neither among the vectors nor among the
 * failed ones still waits for its embedding.
 *
 * @param vectors by the text's key: a product text's hash, or a search query itself
 * @param failed why the model fails on a text, likewise
 * @param standIns by product id, for products with texts that are not embedded: the text that
 *     represents them
 */
public record TextVectors(
    Map<String, float[]> vectors, Map<String, String> failed, Map<String, StandIn> standIns)
    implements Serializable {

  public static final TextVectors NONE = new TextVectors(Map.of(), Map.of());

  /** Makes embeddings of texts without stand-ins. */
  public TextVectors(Map<String, float[]> vectors, Map<String, String> failed) {
    this(vectors, failed, Map.of());
  }

  /**
   * Makes embeddings of what a model has returned.
   *
   * @param texts by key, in the order in which the model got them
   */
  public static TextVectors of(Map<String, String> texts, Embedded embedded) {
    Map<String, String> reasons =
        embedded.failures().stream()
            .collect(Collectors.toMap(FailedText::text, FailedText::reason));
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, String> failed = new HashMap<>();
    Iterator<float[]> results = embedded.vectors().iterator();
    texts.forEach(
        (key, text) -> {
          float[] vector = results.next();
          if (vector != null) {
            vectors.put(key, vector);
          } else if (reasons.containsKey(text)) {
            failed.put(key, reasons.get(text));
          }
        });
    return new TextVectors(vectors, failed);
  }

  /** Returns the same with stand-ins, by their products' ids. */
  public TextVectors withStandIns(Map<String, StandIn> standIns) {
    return new TextVectors(vectors, failed, standIns);
  }

  /** Returns the union of all parts. */
  public static TextVectors union(Collection<TextVectors> parts) {
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, String> failed = new HashMap<>();
    Map<String, StandIn> standIns = new HashMap<>();
    for (TextVectors part : parts) {
      vectors.putAll(part.vectors);
      failed.putAll(part.failed);
      standIns.putAll(part.standIns);
    }
    return new TextVectors(vectors, failed, standIns);
  }

  public boolean isWaiting(String text) {
    return !vectors.containsKey(text)
        && !failed.containsKey(text)
        && !text.equals(ActionSubject.FURTHER);
  }

  /**
   * Returns the hash of a product text's representative: its own, unless there are too many, or the
   * products topic describes the product.
   */
  String countsAs(ActionSubject subject) {
    StandIn standIn = standIns.get(subject.id());
    boolean itself = standIn == null || !standIn.ofAll() && hasOrWaits(subject, standIn);
    return itself ? subject.text() : standIn.textHash();
  }

  private boolean hasOrWaits(ActionSubject subject, StandIn standIn) {
    return vectors.containsKey(subject.text())
        || failed.containsKey(subject.text())
        || standIn.waiting().contains(subject.text());
  }

  /** Returns whether the text of a product, or the one that it counts as, waits. */
  public boolean isWaiting(String productId, String textHash) {
    return isWaiting(countsAs(ActionSubject.product(productId, textHash)));
  }
}
