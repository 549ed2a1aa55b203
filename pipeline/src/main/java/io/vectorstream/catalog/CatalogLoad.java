package io.vectorstream.catalog;

import com.google.common.collect.Iterables;
import com.google.common.collect.Maps;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.CatalogRow;
import io.vectorstream.shop.Product;
import io.vectorstream.shop.RowProblem;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.StoredProduct;
import io.vectorstream.store.CatalogCollection.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The load of a catalogue: it embeds and stores products, a batch at a time. A product that is
 * stored already, with the same text and its embedding, is left alone; so a load that was
 * interrupted continues when it is run again, without any other state. While a batch is embedded,
 * other threads write the one before and look up the one after.
 *
 * <p>A catalogue describes its products as of the moment of the load: an earlier event does not
 * change the description back, a later one does, because it is the newer of the two. The file's own
 * time is not used: copying a file changes it. A product that the products topic knows is skipped.
 *
 * <p>A pipeline may run beside it; {@link CatalogCollection} explains why no count is lost. A
 * micro-batch that has read a product before its description was changed here, and writes it after,
 * restores the older description. So each written product is checked again when a micro-batch that
 * was under way should be done, and is written again if needed. If no event is stored, there is no
 * such micro-batch: it stores its events before it reads their products.
 */
public final class CatalogLoad {
  /** The products looked up, embedded and written together: seconds of work for the model. */
  private static final int BATCH = 256;

  /** The limit of characters in their texts, so that very long ones make smaller batches. */
  private static final int BATCH_CHARACTERS = 1 << 20;

  private static final int LAST_LOOKS = 5;

  private final EmbeddingService embeddings;
  private final CatalogModels products;
  private final long loadedAtMicros;
  private final SecondLooks secondLooks;
  private final Consumer<RowProblem> problems;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private long read;
  private long embedded;
  private long inserted;
  private long updated;
  private long skipped;
  private long failed;

  /**
   * @param longestBatch how long a micro-batch beside it should take at most
   * @param problems receives each row that is not loaded
   */
  public CatalogLoad(
      EmbeddingService embeddings,
      CatalogCollection products,
      Instant loadedAt,
      Duration longestBatch,
      Consumer<RowProblem> problems) {
    this(embeddings, CatalogModels.of(products), loadedAt, longestBatch, problems);
  }

  /** Makes a load that writes the products of each model that has vectors. */
  public CatalogLoad(
      EmbeddingService embeddings,
      CatalogModels products,
      Instant loadedAt,
      Duration longestBatch,
      Consumer<RowProblem> problems) {
    this.embeddings = embeddings;
    this.products = products;
    this.loadedAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, loadedAt);
    this.secondLooks = new SecondLooks(longestBatch);
    this.problems = problems;
  }

  /** Makes {@link #run} finish what it embeds and writes at present, and return. */
  public void stop() {
    stopped.countDown();
  }

  /** Returns the progress; called by the thread that runs it. */
  public LoadCounts counts() {
    return new LoadCounts(read, embedded, inserted, updated, skipped, failed);
  }

  /** Counts a row of the file that is no product. */
  public void failed(RowProblem problem) {
    failed++;
    problems.accept(problem);
  }

  /**
   * Loads the file.
   *
   * @param afterBatch called after each batch
   * @return whether it came to the end; otherwise it was stopped
   */
  public boolean run(CatalogFile file, Runnable afterBatch) {
    try (StoreCalls calls = new StoreCalls(products)) {
      boolean complete =
          load(() -> next(file, calls), () -> stopped.getCount() > 0, calls, afterBatch);
      for (int look = 0;
          look < LAST_LOOKS && !secondLooks.isEmpty() && products.haveEvents();
          look++) {
        awaitAllDue();
        Iterator<List<CatalogRow>> rows =
            Iterables.partition(secondLooks.takeAll(), BATCH).iterator();
        load(
            () -> rows.hasNext() ? CatalogBatch.lookUp(rows.next(), true, calls) : null,
            () -> true,
            calls,
            afterBatch);
      }
      return complete;
    }
  }

  /**
   * Loads batches. While one is embedded, the one before is written and the one after is looked up;
   * so three are in memory at most.
   *
   * @param source gives batches, then null
   * @return whether all of them are loaded
   */
  private boolean load(
      Supplier<CatalogBatch> source, BooleanSupplier goOn, StoreCalls calls, Runnable afterBatch) {
    CatalogBatch batch = source.get();
    Runnable finishBefore = () -> {};
    while (batch != null && goOn.getAsBoolean()) {
      CatalogBatch next = source.get();
      CatalogBatch present = batch;
      List<Write> writes = writes(present);
      finishBefore.run();
      StoreCalls.Call<Void> stored = calls.store(writes);
      finishBefore = () -> finish(present, writes, stored, afterBatch);
      batch = next;
    }
    finishBefore.run();
    if (batch != null && batch.again()) {
      // It was taken to be checked, and is not: it stays among those to check.
      secondLooks.add(batch.rows());
    }
    return batch == null;
  }

  /** Returns the next batch; null at the end of the file, if nothing is due to be checked. */
  private CatalogBatch next(CatalogFile file, StoreCalls calls) {
    List<CatalogRow> due = secondLooks.takeDue(BATCH);
    if (!due.isEmpty()) {
      return CatalogBatch.lookUp(due, true, calls);
    }
    List<CatalogRow> rows = new ArrayList<>();
    int characters = 0;
    while (rows.size() < BATCH && characters < BATCH_CHARACTERS) {
      CatalogRow row = file.next();
      if (row == null) {
        break;
      }
      characters += text(row.product()).length();
      rows.add(row);
    }
    return rows.isEmpty() ? null : CatalogBatch.lookUp(rows, false, calls);
  }

  private List<Write> writes(CatalogBatch batch) {
    Map<String, StoredProduct> stored = batch.stored().await();
    Map<String, CatalogRow> wanting = new LinkedHashMap<>();
    for (CatalogRow row : batch.rows()) {
      StoredProduct now = stored.get(row.id());
      if (batch.again() ? isUndone(row, now) : !isDone(row, now)) {
        wanting.put(row.id(), row);
      } else if (!batch.again()) {
        skipped++;
      }
    }
    return writes(wanting, stored);
  }

  /** Waits until a batch is written, and notes what has to be checked again. */
  private void finish(
      CatalogBatch batch, List<Write> writes, StoreCalls.Call<Void> stored, Runnable afterBatch) {
    stored.await();
    Map<String, CatalogRow> rows = Maps.uniqueIndex(batch.rows(), CatalogRow::id);
    secondLooks.add(
        writes.stream().map(write -> rows.get(write.version().product().id())).toList());
    if (batch.again()) {
      return;
    }
    long fresh = writes.stream().filter(Write::isNew).count();
    read += batch.rows().size();
    inserted += fresh;
    updated += writes.size() - fresh;
    afterBatch.run();
  }

  /** Waits until all checks are due; not if it was stopped, as the next load checks all of them. */
  private void awaitAllDue() {
    try {
      stopped.await(secondLooks.untilAllAreDue().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether another writer has changed a product that was written. */
  private boolean isUndone(CatalogRow row, StoredProduct now) {
    return now == null || !now.listed() && version(row).supersedes(now.version());
  }

  private boolean isDone(CatalogRow row, StoredProduct stored) {
    if (stored != null && stored.listed()) {
      return true;
    }
    if (stored == null || !stored.embedded() || !embeddings.identity().made(stored.model())) {
      return false;
    }
    ProductVersion version = version(row);
    return !version.supersedes(stored.version())
        || version.textHash().equals(stored.version().textHash())
            && isSame(row.product(), stored.version().product());
  }

  /** Returns whether both say the same; a table cannot tell a missing text from an empty one. */
  private static boolean isSame(Product one, Product other) {
    return one.name().equals(other.name())
        && one.price() == other.price()
        && Objects.requireNonNullElse(one.description(), "")
            .equals(Objects.requireNonNullElse(other.description(), ""))
        && Objects.requireNonNullElse(one.category(), "")
            .equals(Objects.requireNonNullElse(other.category(), ""));
  }

  private List<Write> writes(Map<String, CatalogRow> rows, Map<String, StoredProduct> stored) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<String, ProductVersion> versions = new LinkedHashMap<>();
    Map<String, String> textById = new LinkedHashMap<>();
    rows.forEach(
        (id, row) -> {
          StoredProduct before = stored.get(id);
          ProductVersion version = newest(version(row), before);
          versions.put(id, version);
          if (before == null
              || !before.embedded()
              || !embeddings.identity().made(before.model())
              || !before.version().textHash().equals(version.textHash())) {
            textById.put(id, text(version.product()));
          }
        });
    Map<String, float[]> vectors = embed(rows, textById);
    List<Write> writes = new ArrayList<>();
    versions.forEach(
        (id, version) -> {
          float[] vector = vectors.get(id);
          if (vector != null || !textById.containsKey(id)) {
            writes.add(new Write(version, embeddings.modelName(), !stored.containsKey(id), vector));
          }
        });
    return writes;
  }

  private static ProductVersion newest(ProductVersion version, StoredProduct stored) {
    return stored == null || version.supersedes(stored.version()) ? version : stored.version();
  }

  private Map<String, float[]> embed(Map<String, CatalogRow> rows, Map<String, String> textById) {
    List<String> ids = List.copyOf(textById.keySet());
    long before = embeddings.stats().texts();
    EmbeddingService.Embedded results = embeddings.embedEach(List.copyOf(textById.values()));
    embedded += embeddings.stats().texts() - before;
    Map<String, String> reasons = new HashMap<>();
    for (EmbeddingException.FailedText failure : results.failures()) {
      reasons.put(failure.text(), failure.reason());
    }
    Map<String, float[]> vectors = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      float[] vector = results.vectors().get(i);
      if (vector != null) {
        vectors.put(id, vector);
      } else {
        failed(
            new RowProblem(
                rows.get(id).line(), "the model fails on it: " + reasons.get(textById.get(id))));
      }
    }
    return vectors;
  }

  private ProductVersion version(CatalogRow row) {
    return ProductVersion.of(row.product(), loadedAtMicros);
  }

  private static String text(Product product) {
    return ProductText.of(product.name(), product.description(), product.category());
  }
}
