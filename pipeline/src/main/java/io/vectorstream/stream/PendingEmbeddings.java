package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserState;
import io.vectorstream.migration.Side;
import io.vectorstream.store.Fence;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.Rotation;
import io.vectorstream.store.UserCollection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * The embedding of texts that batches had no time for. It runs between the batches, in steps so
 * short that a batch hardly waits for one. The pending texts are in the store only, so a stop at
 * any point loses nothing.
 *
 * <p>A product text's share is first added to every interest that waits for it; each user's point
 * changes in one write, from pending to added. Only then does the product get its vector and stop
 * being pending. A step that was interrupted is repeated: users who have their share do not wait
 * for it any more. It never runs beside a batch, because both read points, change them and write
 * them back.
 *
 * <p>Products and search queries take turns, and so do products among themselves: texts that arrive
 * faster than they are embedded delay only texts of their own kind.
 */
final class PendingEmbeddings {

  /** The time for embedding, and again for the interests; a batch waits no longer than for both. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(10);

  private final Side side;
  private final JavaSparkContext spark;
  private final Ledger ledger;
  private final IntSupplier tasks;
  private final ProductCollection products;
  private final UserCollection users;
  private final Rotation<ProductState> pendingProducts;
  private final Rotation<UserState> pendingQueries;
  private final EmbeddingPace pace;
  private final Decay decay;
  private final String model;
  private boolean queriesNext;
  private Fence fence;

  /**
   * @param side the model whose texts wait
   * @param ledger gives each step its place among the writers
   * @param tasks how many embed side by side
   * @param pace receives the amount of work and the speed
   */
  PendingEmbeddings(
      Side side, JavaSparkContext spark, Ledger ledger, IntSupplier tasks, EmbeddingPace pace) {
    this.ledger = ledger;
    this.pace = pace;
    this.side = side;
    Settings settings = side.settings();
    this.spark = spark;
    this.tasks = tasks;
    this.products = new ProductCollection(settings.qdrant());
    this.users = new UserCollection(settings.qdrant());
    this.pendingProducts = products.pending();
    this.pendingQueries = users.waitingForQueries();
    this.decay = new Decay(settings.interest().halfLife());
    this.model = side.modelName();
  }

  /**
   * Makes one step.
   *
   * @return whether there may be more to do
   */
  boolean step() {
    fence = ledger.nextTurn();
    queriesNext = !queriesNext;
    boolean found = queriesNext ? stepQueries() || stepProducts() : stepProducts() || stepQueries();
    if (!found) {
      pace.counted(0, 0);
    } else if (pace.countedAt().isBefore(Instant.now().minus(BETWEEN_COUNTS))) {
      pace.counted(products.countPending(), users.countWaitingForQueries());
    }
    return found;
  }

  private boolean stepProducts() {
    List<ProductState> pending = pendingProducts.next(pace.productsAtOnce(STEP));
    if (pending.isEmpty()) {
      return false;
    }
    Map<String, String> texts = new HashMap<>();
    pending.forEach(product -> texts.putAll(product.waitingTexts()));
    pace.sawProducts(pending.size(), texts.size());
    TextVectors embedded = embed(texts, false);
    List<String> known = texts.keySet().stream().filter(hash -> !embedded.isWaiting(hash)).toList();
    if (known.isEmpty()) {
      return true;
    }
    if (resolve(users.waitingForProducts(known), embedded, TextVectors.NONE)) {
      List<ProductState> changed = new ArrayList<>();
      Map<String, float[]> vectors = new HashMap<>();
      for (ProductState product : pending) {
        ProductState resolved =
            ProductMerger.embedded(product, embedded, vectors).resolved(embedded);
        if (resolved.waitingTexts().size() < product.waitingTexts().size()) {
          changed.add(resolved);
        }
      }
      // A repeat of this step will not look for users of a product that is done: no write to them
      // may have been refused.
      ledger.requireOwned();
      products.store(changed, withStored(vectors, changed), fence);
    } else {
      pendingProducts.repeat();
    }
    return true;
  }

  /** Returns the new vectors of these products and, of those without a new one, the stored ones. */
  private Map<String, float[]> withStored(
      Map<String, float[]> vectors, List<ProductState> changed) {
    Map<String, float[]> all =
        new HashMap<>(
            products.vectors(
                changed.stream()
                    .map(product -> product.newest().product().id())
                    .filter(id -> !vectors.containsKey(id))
                    .toList()));
    all.putAll(vectors);
    return all;
  }

  private boolean stepQueries() {
    List<UserState> page = pendingQueries.next(pace.usersAtOnce(STEP));
    if (page.isEmpty()) {
      return false;
    }
    Map<String, String> queries = new HashMap<>();
    page.forEach(
        user ->
            user.interest()
                .pending()
                .queries()
                .keySet()
                .forEach(query -> queries.put(query, query)));
    pace.sawUsers(page.size(), queries.size());
    TextVectors embedded = embed(queries, true);
    UserMerger.warnOfFailed(embedded);
    resolve(List.of(page).iterator(), TextVectors.NONE, embedded);
    return true;
  }

  /**
   * Adds shares to the interests of users, page by page.
   *
   * @return whether there was time for all of them
   */
  private boolean resolve(
      Iterator<List<UserState>> pages, TextVectors products, TextVectors queries) {
    long start = System.nanoTime();
    while (pages.hasNext()) {
      List<UserState> changed = new ArrayList<>();
      for (UserState user : pages.next()) {
        UserState resolved = user.resolved(products, queries, decay);
        if (!resolved.interest().pending().equals(user.interest().pending())) {
          changed.add(resolved);
        }
      }
      if (!changed.isEmpty()) {
        users.store(changed, model, fence);
      }
      if (System.nanoTime() - start > STEP.toNanos() && pages.hasNext()) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param queries whether users have searched for the texts; they are of products if not
   */
  private TextVectors embed(Map<String, String> texts, boolean queries) {
    List<Tuple2<String, String>> pairs = new ArrayList<>();
    texts.forEach((key, text) -> pairs.add(new Tuple2<>(key, text)));
    TaskSettings settings = TaskSettings.of(side);
    Instant start = Instant.now();
    TextVectors embedded =
        TextVectors.union(
            spark
                .parallelize(pairs, tasks.getAsInt())
                .mapPartitions(part -> List.of(embed(settings, part, queries)).iterator())
                .collect());
    if (embedded.vectors().isEmpty() && embedded.failed().isEmpty()) {
      // There was time for one call of the model at least.
      throw new PipelineException(
          "the embedding server does not answer, and %,d texts wait for it"
              .formatted(texts.size()));
    }
    pace.embedded(
        embedded.vectors().size() + embedded.failed().size(),
        Duration.between(start, Instant.now()));
    return embedded;
  }

  private static TextVectors embed(
      TaskSettings settings, Iterator<Tuple2<String, String>> pairs, boolean queries) {
    Map<String, String> texts = new HashMap<>();
    pairs.forEachRemaining(pair -> texts.put(pair._1(), pair._2()));
    EmbeddingService embeddings = settings.embeddings();
    TextEmbedder embedder = new TextEmbedder(embeddings, STEP, nanos -> {}, left -> {});
    return queries ? embedder.embedQueries(texts) : embedder.embed(texts);
  }
}
