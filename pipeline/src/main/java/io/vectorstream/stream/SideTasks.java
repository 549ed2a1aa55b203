package io.vectorstream.stream;

import io.vectorstream.merge.TextVectors;
import io.vectorstream.migration.Side;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.util.LongAccumulator;

/**
 * One of the models that a batch makes vectors with, as tasks work with it.
 *
 * @param settings with the model and its collections
 * @param copiedFrom the settings of the collections with everything that these may lack; null if
 *     they lack nothing
 */
record SideTasks(TaskSettings settings, TaskSettings copiedFrom) implements Serializable {

  /** Returns what tasks need of these models, in the same order. */
  static List<SideTasks> of(List<Side> sides) {
    Optional<TaskSettings> whole =
        sides.stream().filter(side -> !side.partial()).map(TaskSettings::of).findFirst();
    return sides.stream()
        .map(
            side ->
                new SideTasks(TaskSettings.of(side), side.partial() ? whole.orElseThrow() : null))
        .toList();
  }

  /** Returns the settings of the one of these models whose collections lack nothing. */
  static TaskSettings whole(List<SideTasks> sides) {
    return sides.stream()
        .filter(side -> side.copiedFrom() == null)
        .findFirst()
        .orElseThrow()
        .settings();
  }

  TextEmbedder embedder(Duration limit, LongAccumulator nanos, LongAccumulator left) {
    Duration time = settings.canEmbed() ? limit : Duration.ZERO;
    return new TextEmbedder(settings.embeddings(), time, nanos::add, left::add);
  }

  ProductMerger products(BatchMark batch, Fence fence, TextEmbedder embedder) {
    return new ProductMerger(settings, copiedFrom, batch, fence, embedder);
  }

  UserMerger users(BatchMark batch, Fence fence, TextVectors products, TextEmbedder embedder) {
    return new UserMerger(settings, copiedFrom, batch, fence, products, embedder);
  }
}
