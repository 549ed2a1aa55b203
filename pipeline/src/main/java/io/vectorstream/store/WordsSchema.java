package io.vectorstream.store;

import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.SparseVectorCreationConfig;
import java.util.Map;

/**
 * The sparse vector of words in the collection of products. The server counts in how many products
 * a word is, and multiplies each weight of a search by the word's inverse document frequency, so
 * the frequencies follow products as they come, change and go.
 */
final class WordsSchema {

  /** The vector as a new collection gets it. */
  static final SparseVectorConfig CONFIG =
      SparseVectorConfig.newBuilder()
          .putMap(
              PointVectors.WORDS, SparseVectorParams.newBuilder().setModifier(Modifier.Idf).build())
          .build();

  /** The first version of a server that adds a vector to a collection. */
  private static final int ADDS_VECTORS = 18;

  private final VectorStore store;
  private final String collection;

  WordsSchema(VectorStore store) {
    this.store = store;
    this.collection = store.collections().products();
  }

  /**
   * Adds the vector if the settings ask for it and it is missing.
   *
   * @param existing the sparse vectors of the collection
   * @throws StoreException if the server cannot add it, or the collection has it and the settings
   *     do not ask for it: words that are not written with a description would be left older
   */
  void check(SparseVectorConfig existing) {
    SparseVectorParams words = existing.getMapMap().get(PointVectors.WORDS);
    if (store.words() == null) {
      if (words != null) {
        throw new StoreException(
            "%shas the words of its products, but qdrant.words.enabled is false, and words would be left older than descriptions; set it to true, or delete the vector '%s' of the collection first"
                .formatted(where(), PointVectors.WORDS));
      }
      return;
    }
    if (words == null) {
      add();
    } else if (words.getModifier() != Modifier.Idf) {
      throw new StoreException(
          "%shas a sparse vector '%s' without the modifier idf; name another one (qdrant.collections) or delete that vector"
              .formatted(where(), PointVectors.WORDS));
    }
  }

  /**
   * Checks that products can be found by their words.
   *
   * @throws StoreException if the collection is there and has no words
   */
  static void require(VectorStore store) {
    String products = store.collections().products();
    if (!store.exists(products)) {
      return;
    }
    Map<String, SparseVectorParams> existing =
        store
            .ask(client -> client.getCollectionInfoAsync(products))
            .getConfig()
            .getParams()
            .getSparseVectorsConfig()
            .getMapMap();
    if (!existing.containsKey(PointVectors.WORDS)) {
      throw new StoreException(
          "%shas no words of its products, which qdrant.words.enabled: true searches; start the pipeline or load a catalogue with that setting, which adds them"
              .formatted(new WordsSchema(store).where()));
    }
  }

  private void add() {
    String version = store.version();
    if (!CatalogCollection.isAtLeast(version, ADDS_VECTORS)) {
      throw new StoreException(
          "%shas no words of its products, and Qdrant %s cannot add them (qdrant.words.enabled: true); update it to 1.%d, or name another collection (qdrant.collections)"
              .formatted(where(), version, ADDS_VECTORS));
    }
    CreateVectorNameRequest request =
        CreateVectorNameRequest.newBuilder()
            .setCollectionName(collection)
            .setVectorName(PointVectors.WORDS)
            .setSparseConfig(SparseVectorCreationConfig.newBuilder().setModifier(Modifier.Idf))
            .setWait(true)
            .build();
    store.ask(client -> client.createVectorNameAsync(request, CollectionSchemas.MAKING));
  }

  private String where() {
    return "collection '%s' at %s ".formatted(collection, store.address());
  }
}
