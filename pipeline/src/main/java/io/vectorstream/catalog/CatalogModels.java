package io.vectorstream.catalog;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.StoredProduct;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stored products of each model that has vectors, as a catalogue sees them. A load has one
 * model; what it writes for another waits for the pipeline, which embeds it.
 *
 * <p>A migration may begin, be decided or end at any time. So after each write the models are
 * looked at again, and if there are others by then, everything is written again.
 */
public final class CatalogModels implements AutoCloseable {

  /** The only collection; null if there may be several. */
  private final CatalogCollection only;

  private final Settings settings;
  private final ModelIdentity model;
  private final VectorStore store;
  private final ModelRegister register;
  private final Map<String, VectorStore> stores = new ConcurrentHashMap<>();
  private final Map<String, CatalogCollection> collections = new ConcurrentHashMap<>();

  /**
   * One model's products.
   *
   * @param model null for the load's own
   * @param partial whether it may lack products that are stored elsewhere
   */
  private record Target(String name, CatalogCollection products, String model, boolean partial) {}

  private CatalogModels(CatalogCollection only, Settings settings, ModelIdentity model) {
    this.only = only;
    this.settings = settings;
    this.model = model;
    this.store = settings == null ? null : VectorStore.connectForWork(settings.qdrant());
    this.register = settings == null ? null : new ModelRegister(store);
  }

  static CatalogModels of(CatalogCollection only) {
    return new CatalogModels(only, null, null);
  }

  /**
   * @param settings with the collections in use
   * @param embeddings the service of the load's model
   */
  public static CatalogModels of(Settings settings, EmbeddingService embeddings) {
    return new CatalogModels(null, settings, embeddings.identity());
  }

  /** Returns whether any event is stored: without one, no pipeline works on the products. */
  boolean haveEvents() {
    return inUse(targets()).products().haveEvents();
  }

  /**
   * Returns the products that are stored, by their ids. One that is not the same for every model
   * counts as not embedded, with the older description.
   */
  Map<String, StoredProduct> find(List<String> ids) {
    List<Target> targets = targets();
    Map<String, StoredProduct> found = new HashMap<>(inUse(targets).products().find(ids));
    for (Target target : targets.subList(0, targets.size() - 1)) {
      Map<String, StoredProduct> others = target.products().find(ids);
      found.replaceAll((id, product) -> least(product, others.get(id), target.partial()));
    }
    return found;
  }

  private static StoredProduct least(StoredProduct one, StoredProduct other, boolean partial) {
    if (other == null) {
      return partial ? one : with(one, one.version());
    }
    return one.version().equals(other.version())
        ? one
        : with(one, one.version().supersedes(other.version()) ? other.version() : one.version());
  }

  private static StoredProduct with(StoredProduct one, ProductVersion version) {
    return new StoredProduct(version, one.model(), false, one.listed());
  }

  /** Writes products, and waits until all are acknowledged. */
  void store(List<Write> writes) {
    List<Target> targets = targets();
    while (true) {
      StoreException failure = null;
      try {
        for (Target target : targets) {
          store(writes, target, targets.size() > 1);
        }
      } catch (StoreException e) {
        failure = e;
      }
      List<Target> now = targets();
      if (names(now).equals(names(targets))) {
        if (failure != null) {
          throw failure;
        }
        return;
      }
      targets = now;
    }
  }

  private static List<String> names(List<Target> targets) {
    return targets.stream().map(Target::name).sorted().toList();
  }

  private static void store(List<Write> writes, Target target, boolean several) {
    if (!several && target.model() == null) {
      target.products().store(writes);
      return;
    }
    Map<String, StoredProduct> stored =
        target
            .products()
            .find(writes.stream().map(write -> write.version().product().id()).toList());
    List<Write> its = new ArrayList<>();
    for (Write write : writes) {
      StoredProduct before = stored.get(write.version().product().id());
      boolean sameText =
          before != null && before.version().textHash().equals(write.version().textHash());
      its.add(
          target.model() == null
              ? new Write(
                  write.version(),
                  write.model(),
                  before == null,
                  write.vector(),
                  write.vector() == null && !sameText)
              : new Write(write.version(), target.model(), before == null, null, !sameText));
    }
    target.products().store(its);
  }

  private static Target inUse(List<Target> targets) {
    return targets.get(targets.size() - 1);
  }

  /** Returns the models, the one in use last. */
  private List<Target> targets() {
    if (only != null) {
      return List.of(new Target("", only, null, false));
    }
    Optional<ModelState> state = register.find();
    if (state.isEmpty()) {
      String name = settings.qdrant().collections().products();
      return List.of(new Target(name, collection(name, settings), null, false));
    }
    return state.get().written().map(one -> target(one, state.get())).toList();
  }

  private Target target(ModelCollections one, ModelState state) {
    boolean isInUse = one.products().equals(state.inUse().products());
    return new Target(
        one.products(),
        collection(
            one.products(), settings.withModel(settings.embedding(), one.products(), one.users())),
        model.made(one.model()) ? null : one.model(),
        state.phase() == Phase.COPYING && !isInUse);
  }

  private CatalogCollection collection(String name, Settings its) {
    return collections.computeIfAbsent(
        name,
        absent ->
            new CatalogCollection(
                stores.computeIfAbsent(name, none -> VectorStore.connectForWork(its.qdrant()))));
  }

  @Override
  public void close() {
    stores.values().forEach(VectorStore::close);
    if (store != null) {
      store.close();
    }
  }
}
