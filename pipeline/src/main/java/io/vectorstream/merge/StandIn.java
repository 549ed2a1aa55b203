package io.vectorstream.merge;

import java.io.Serializable;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * The text that represents a product's further texts, if there are too many of them: they are
 * nearly the same, such as "Only 3 left" and "Only 2 left". A share of an interest keeps its
 * weight, and gets the direction of this text. Where the products topic describes a product, its
 * text represents all those that events have.
 *
 * @param textHash the text's hash; it has an embedding, or is among those that wait for one
 * @param waiting hashes of the product's texts that wait for their embedding
 * @param ofAll whether it represents also texts that have an embedding, or are waited for
 */
public record StandIn(String textHash, Set<String> waiting, boolean ofAll) implements Serializable {

  /**
   * Chooses a text, unless all texts of the batch have an embedding or are waited for.
   *
   * @param product as it is stored with the batch: no interest may wait for a text that it does not
   *     hold
   * @param texts the known embeddings of the batch's texts
   */
  public static Optional<StandIn> of(ProductDelta delta, ProductState product, TextVectors texts) {
    Set<String> waiting = product.pendingTexts().keySet();
    String newest = product.newest().textHash();
    if (product.isDescribedByTopic()) {
      return Optional.of(
          new StandIn(choose(newest, Set.of(newest), waiting, texts), Set.copyOf(waiting), true));
    }
    boolean all =
        !delta.hasFurtherTexts()
            && delta.textsByHash().keySet().stream()
                .allMatch(text -> !texts.isWaiting(text) || waiting.contains(text));
    return all
        ? Optional.empty()
        : Optional.of(
            new StandIn(
                choose(delta.newest().textHash(), delta.textsByHash().keySet(), waiting, texts),
                Set.copyOf(waiting),
                false));
  }

  private static String choose(
      String newest, Set<String> hashes, Set<String> waiting, TextVectors texts) {
    if (texts.vectors().containsKey(newest) || waiting.contains(newest)) {
      return newest;
    }
    if (!waiting.isEmpty()) {
      return Collections.min(waiting);
    }
    return hashes.stream().filter(texts.vectors()::containsKey).sorted().findFirst().orElse(newest);
  }
}
