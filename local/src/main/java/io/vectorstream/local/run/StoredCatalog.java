package io.vectorstream.local.run;

import com.google.common.collect.Lists;
import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.generator.Catalog;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.CatalogFormat;
import io.vectorstream.shop.Product;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** A catalogue that is stored before any event. */
public final class StoredCatalog {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private static final Duration SAID_EVERY = Duration.ofSeconds(10);
  private static final long CATALOG_SEED = 1;

  /** The products that are looked at to know whether all are stored. */
  private static final int SAMPLE = 100;

  private StoredCatalog() {}

  /**
   * Stores what a run finds before its first event.
   *
   * @param say receives messages about the progress
   * @return false when a stop was requested before the end
   */
  public static boolean prepare(RunPlan plan, StopRequest stop, Consumer<String> say)
      throws InterruptedException {
    Catalog catalog = plan.load().catalog();
    Settings settings = plan.settings();
    LongConsumer loaded = new SpacedProgress(catalog.products().size(), say);
    boolean isWhole =
        switch (plan.preload()) {
          case NONE -> true;
          case EMBEDDED -> {
            Path file = Path.of(settings.stream().checkpoint()).resolveSibling("catalogue.csv");
            yield load(catalog, settings, file, stop, loaded);
          }
          case MADE_UP -> loadMadeUp(catalog, settings, CATALOG_SEED, stop, loaded);
        };
    return isWhole && (plan.preload() == Preload.NONE || awaitIndex(settings, stop, say));
  }

  /** Messages about the progress, one every ten seconds. */
  private static final class SpacedProgress implements LongConsumer {
    private final long all;
    private final Consumer<String> say;
    private long saidAt = System.nanoTime();

    SpacedProgress(long all, Consumer<String> say) {
      this.all = all;
      this.say = say;
    }

    @Override
    public void accept(long loaded) {
      if (System.nanoTime() - saidAt > SAID_EVERY.toNanos()) {
        saidAt = System.nanoTime();
        say.accept(
            "%s of %s products are there"
                .formatted(NumberText.count(loaded), NumberText.count(all)));
      }
    }
  }

  /**
   * Embeds and stores it, as {@code catalog load} does.
   *
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

  /**
   * Stores it with vectors that are made up, and with the same payloads otherwise; what is stored
   * already stays.
   *
   * @param seed of the vectors
   * @param loaded receives the number of stored products after each batch
   * @return false when a stop was requested before the end
   */
  static boolean loadMadeUp(
      Catalog catalog, Settings settings, long seed, StopRequest stop, LongConsumer loaded) {
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensureProducts();
      CatalogCollection stored = new CatalogCollection(store);
      if (isStored(catalog, store, stored)) {
        return true;
      }
      MadeUpVectors vectors = new MadeUpVectors(embeddings.dimension(), seed);
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      long count = 0;
      for (List<Product> batch :
          Lists.partition(catalog.products(), settings.qdrant().upsertBatch())) {
        if (stop.isRequested()) {
          return false;
        }
        // A server inserts those alone that are absent.
        stored.store(
            batch.stream()
                .map(
                    product ->
                        new Write(
                            ProductVersion.of(product, now),
                            embeddings.modelName(),
                            true,
                            vectors.of(product)))
                .toList());
        count += batch.size();
        loaded.accept(count);
      }
      return true;
    }
  }

  private static boolean isStored(Catalog catalog, VectorStore store, CatalogCollection stored) {
    List<Product> products = catalog.products();
    List<String> sample =
        IntStream.range(0, SAMPLE)
            .mapToObj(i -> products.get((int) ((long) i * products.size() / SAMPLE)).id())
            .distinct()
            .toList();
    return store.countProducts() >= products.size()
        && stored.find(sample).keySet().containsAll(sample);
  }

  /** Waits until the server has built the index of all products. */
  private static boolean awaitIndex(Settings settings, StopRequest stop, Consumer<String> say)
      throws InterruptedException {
    try (VectorStore store = VectorStore.connectForWork(settings.qdrant())) {
      CatalogCollection stored = new CatalogCollection(store);
      for (long looks = 0; !stored.isIndexed(); looks++) {
        if (looks == 1) {
          say.accept("All products are there; the store builds their index");
        }
        if (stop.await(BETWEEN_LOOKS)) {
          return false;
        }
      }
      return true;
    }
  }
}
