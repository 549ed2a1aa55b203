package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that embeds users' searches, as {@code embedding.search_precision} says. It may
 * compute less exactly than the one of the products, because a user waits: the vectors of both can
 * be compared.
 */
public final class QueryEmbeddings implements Supplier<EmbeddingService> {
  private static final Logger log = LoggerFactory.getLogger(QueryEmbeddings.class);

  private final Settings.Embedding products;

  /** The settings of the service; null until the first call. */
  private Settings.Embedding chosen;

  /**
   * Loads nothing yet.
   *
   * @param products the settings for the products, which the vectors are compared with
   */
  public QueryEmbeddings(Settings.Embedding products) {
    this.products = products;
  }

  /**
   * Returns the one service of this JVM for these settings; the first call loads its model.
   *
   * @throws EmbeddingException if the model cannot be loaded, or not as the settings ask
   */
  @Override
  public synchronized EmbeddingService get() {
    if (chosen == null) {
      chosen = choose();
    }
    return EmbeddingService.shared(chosen);
  }

  private Settings.Embedding choose() {
    Settings.Embedding int8 = products.inInt8();
    return switch (products.searchPrecision()) {
      case SAME -> products;
      case INT8 -> products.asksServer() ? products : int8;
      case AUTO -> canBeInInt8() && loads(int8) ? int8 : products;
    };
  }

  private boolean canBeInInt8() {
    if (products.precision() == Settings.Precision.INT8
        || products.engine() == Settings.Engine.PYTORCH) {
      return false;
    }
    EngineInfo engine = EmbeddingService.shared(products).engine();
    // A table of tokens is as fast as it can be.
    return engine.device().equals("cpu") && !engine.engine().equals(TokenTable.ENGINE);
  }

  private static boolean loads(Settings.Embedding settings) {
    try {
      EmbeddingService.shared(settings);
      return true;
    } catch (EmbeddingException e) {
      log.info("searches are embedded as products are: {}", e.getMessage());
      return false;
    }
  }
}
