package io.vectorstream.merge;

import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;
import java.io.Serializable;
import java.util.Objects;

/**
 * A product as one event describes it, or a catalogue, or a record of the products topic.
 *
 * @param textHash the hash of the text that is embedded
 * @param describedAtMicros that event's time, when the catalogue was loaded, or when Kafka took the
 *     record, in microseconds since 1970
 */
public record ProductVersion(Product product, String textHash, long describedAtMicros)
    implements Serializable {

  /**
   * Returns the product as an event with one describes it.
   *
   * @param before a description of the same product, whose hash is used again if the text is the
   *     same; null for none
   */
  static ProductVersion of(ShopEvent event, ProductVersion before) {
    Product product = event.product();
    String hash =
        before != null && before.sameText(product)
            ? before.textHash
            : ProductText.hash(text(product));
    return new ProductVersion(product, hash, event.countedAtMicros());
  }

  /** Returns the product as a record of the products topic describes it. */
  static ProductVersion of(ProductRecord record) {
    Product product = record.product();
    return new ProductVersion(
        product, ProductText.hash(text(product)), record.timestampMillis() * 1000);
  }

  /** Returns a product without a description, which every description supersedes. */
  static ProductVersion unknown(String productId) {
    Product product = new Product(productId, "", null, null, 0);
    return new ProductVersion(product, ProductText.hash(text(product)), 0);
  }

  /** Returns whether this is a product's description; otherwise only its id is known. */
  public boolean isKnown() {
    return !product.name().isEmpty();
  }

  /** Returns the product as a catalogue describes it. */
  public static ProductVersion of(Product product, long describedAtMicros) {
    return new ProductVersion(product, ProductText.hash(text(product)), describedAtMicros);
  }

  /** Returns the text that is embedded. */
  public String text() {
    return text(product);
  }

  private static String text(Product product) {
    return ProductText.of(product.name(), product.description(), product.category());
  }

  /**
   * Returns whether this is the newer description of the two. Of two with the same time one is
   * chosen, the same one in any order.
   */
  public boolean supersedes(ProductVersion other) {
    if (isKnown() != other.isKnown()) {
      return isKnown();
    }
    int age = Long.compare(describedAtMicros, other.describedAtMicros);
    if (age != 0) {
      return age > 0;
    }
    int text = textHash.compareTo(other.textHash);
    return text != 0 ? text > 0 : Double.compare(product.price(), other.product.price()) > 0;
  }

  /**
   * Returns the same; but if its time is in the future, its age is not known, and any other
   * description supersedes it.
   */
  public ProductVersion notFromTheFuture(long nowMicros) {
    return FutureTimes.holds(describedAtMicros, nowMicros)
        ? new ProductVersion(product, textHash, 0)
        : this;
  }

  boolean sameText(Product other) {
    return product.name().equals(other.name())
        && Objects.equals(product.description(), other.description())
        && Objects.equals(product.category(), other.category());
  }
}
