package io.vectorstream.local.run;

import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.generator.Catalog;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.CatalogFormat;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.LongConsumer;

/** A catalogue that is embedded and stored before any event, as {@code catalog load} does it. */
public final class StoredCatalog {
  private StoredCatalog() {}

  /**
   * @param file is written on the way; a CSV
   * @param loaded receives the number of stored products after each batch
   * @return false when a stop was requested before the end
   * @throws RunException when a product cannot be stored
   */
  public static boolean load(
      Catalog catalog, Settings settings, Path file, StopRequest stop, LongConsumer loaded) {
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      catalog.write(file);
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensureProducts();
      CatalogLoad load =
          new CatalogLoad(
              embeddings,
              new CatalogCollection(store),
              Instant.now(),
              settings.stream().batchTime(),
              problem -> {
                throw new RunException(
                    "%s, line %d: %s".formatted(file, problem.line(), problem.reason()));
              });
      try (CatalogFile rows = CatalogFile.open(file, CatalogFormat.OWN, load::failed)) {
        return load.run(
            rows,
            () -> {
              loaded.accept(load.counts().read());
              if (stop.isRequested()) {
                load.stop();
              }
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
