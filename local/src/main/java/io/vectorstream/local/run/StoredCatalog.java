package io.vectorstream.local.run;

import io.vectorstream.catalog.CatalogFile;
import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.generator.Catalog;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;

/** A catalogue that is embedded and stored before any event, as {@code catalog load} does it. */
public final class StoredCatalog {
  private StoredCatalog() {}

  /**
   * @param file is written on the way; a CSV
   * @return false when a stop was requested before the end
   */
  public static boolean load(Catalog catalog, Settings settings, Path file, StopRequest stop) {
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      catalog.write(file);
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      new CollectionSchemas(store, embeddings.dimension(), embeddings.modelName()).ensureProducts();
      CatalogLoad load =
          new CatalogLoad(
              embeddings,
              new CatalogCollection(store),
              Instant.now(),
              settings.stream().batchTime(),
              problem -> {
                throw new IllegalStateException("a catalogue that cannot be stored: " + problem);
              });
      try (CatalogFile rows = CatalogFile.open(file, load::failed)) {
        return load.run(
            rows,
            () -> {
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
