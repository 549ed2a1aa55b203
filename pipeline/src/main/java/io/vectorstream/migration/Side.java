package io.vectorstream.migration;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.LateEmbeddings;
import io.vectorstream.store.ModelCollections;

/**
 * One of the models that have vectors in the store, as this process works with it.
 *
 * @param collections the model with its collections; null if no migration has ever begun
 * @param settings those of this process, with this model and its collections
 * @param late whether the model is loaded beside the work, which does not wait for it
 * @param partial whether its collections may lack what was stored before the migration
 */
public record Side(ModelCollections collections, Settings settings, boolean late, boolean partial) {

  /** Returns the model's service; of a late one that is not loaded, one whose texts wait. */
  public EmbeddingService embeddings() {
    return late ? lateEmbeddings().service() : EmbeddingService.shared(settings.embedding());
  }

  /** Returns whether texts can be embedded at present, without a wait. */
  public boolean isReady() {
    return !late || lateEmbeddings().isReady();
  }

  LateEmbeddings lateEmbeddings() {
    return LateEmbeddings.of(settings.embedding(), collections.model(), collections.dimension());
  }

  /** Returns what is stored as the model of its vectors. */
  public String modelName() {
    return late ? collections.model() : embeddings().modelName();
  }

  /** Returns the name of its collection of products, which no other model has. */
  public String products() {
    return settings.qdrant().collections().products();
  }
}
