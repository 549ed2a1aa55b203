package io.vectorstream.catalog;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.vectorstream.store.CatalogCollection.StoredProduct;
import io.vectorstream.store.CatalogCollection.Write;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Look-ups and writes of products by threads of their own, while the caller embeds. */
final class StoreCalls implements AutoCloseable {
  private final CatalogModels products;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("catalog-store-%d").build());

  StoreCalls(CatalogModels products) {
    this.products = products;
  }

  /** A call under way. */
  static final class Call<T> {
    private final CompletableFuture<T> result;

    private Call(CompletableFuture<T> result) {
      this.result = result;
    }

    /** Waits for the result; throws what the call has thrown. */
    T await() {
      try {
        return result.join();
      } catch (CompletionException e) {
        Throwables.throwIfUnchecked(e.getCause());
        throw e;
      }
    }
  }

  Call<Map<String, StoredProduct>> find(List<String> ids) {
    return start(() -> products.find(ids));
  }

  Call<Void> store(List<Write> writes) {
    return start(
        () -> {
          products.store(writes);
          return null;
        });
  }

  private <T> Call<T> start(Supplier<T> call) {
    return new Call<>(CompletableFuture.supplyAsync(call, threads));
  }

  /** Ends the threads when their calls are done; does not wait for them. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
