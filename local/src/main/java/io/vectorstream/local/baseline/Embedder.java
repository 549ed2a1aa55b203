package io.vectorstream.local.baseline;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.LengthBatches;
import io.vectorstream.embedding.PlainModel;
import java.util.Arrays;
import java.util.List;

/** The embedding of texts in the way of one step. */
interface Embedder {

  /**
   * The number of texts that are sorted together: about a second of the load that the pipeline is
   * made for, and as many as {@link EmbeddingService} sorts at a time.
   */
  int SORTED_TOGETHER = 1024;

  /** Returns the vectors of the texts, in their order. */
  List<float[]> embed(List<String> texts);

  /** Makes an embedder with an empty cache: it embeds again what an earlier one has embedded. */
  static Embedder of(BaselineStep.Texts way, Settings.Embedding settings, PlainModel model) {
    return switch (way) {
      case ALONE, AS_THEY_COME -> texts -> model.embed(model.tokenize(texts));
      case SORTED -> texts -> sorted(texts, settings.batchSize(), model);
      // Not closed: the model is used after it, and it has nothing else to free.
      case ONCE -> new EmbeddingService(settings, model)::embed;
    };
  }

  /** Returns the number of texts in one call of {@link #embed}. */
  static int textsAtOnce(BaselineStep.Texts way, Settings.Embedding settings) {
    return switch (way) {
      case ALONE -> 1;
      case AS_THEY_COME -> settings.batchSize();
      case SORTED, ONCE -> SORTED_TOGETHER;
    };
  }

  private static List<float[]> sorted(List<String> texts, int batchSize, PlainModel model) {
    List<long[]> tokens = model.tokenize(texts);
    float[][] vectors = new float[texts.size()][];
    for (int[] batch : LengthBatches.cut(tokens, batchSize)) {
      List<float[]> embedded = model.embed(Arrays.stream(batch).mapToObj(tokens::get).toList());
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = embedded.get(i);
      }
    }
    return Arrays.asList(vectors);
  }
}
