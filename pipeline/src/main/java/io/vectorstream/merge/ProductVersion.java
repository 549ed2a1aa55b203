package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * A product as one event describes it, or a catalogue.
 *
 * @param textHash the hash of the text that is embedded
 * @param describedAtMicros that event's time, or when the catalogue was loaded, in microseconds
 *     since 1970
 */
public record ProductVersion(ShopEvent.Product product, String textHash, long describedAtMicros)
    implements Serializable {

  /** Of two descriptions with the same time one has to win, and the same one in any order. */
  private static final Comparator<ProductVersion> AGE =
      Comparator.comparingLong(ProductVersion::describedAtMicros)
          .thenComparing(ProductVersion::textHash)
          .thenComparingDouble(version -> version.product().price());

  /** Whether this is the newer description of the two. */
  public boolean supersedes(ProductVersion other) {
    return AGE.compare(this, other) > 0;
  }

  /**
   * The same; but if it claims to be from the future, nobody knows how old it is, and whatever
   * comes supersedes it.
   */
  public ProductVersion notFromTheFuture(long nowMicros) {
    return Future.holds(describedAtMicros, nowMicros)
        ? new ProductVersion(product, textHash, 0)
        : this;
  }

  boolean sameText(ShopEvent.Product other) {
    return product.name().equals(other.name())
        && Objects.equals(product.description(), other.description())
        && Objects.equals(product.category(), other.category());
  }
}
