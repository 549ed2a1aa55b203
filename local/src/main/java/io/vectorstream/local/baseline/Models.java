package io.vectorstream.local.baseline;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.PlainModel;
import java.util.HashMap;
import java.util.Map;

/** The models that the steps compute with, each loaded once, by its settings. */
final class Models implements AutoCloseable {

  private final Map<Settings.Embedding, PlainModel> loaded = new HashMap<>();

  PlainModel get(Settings.Embedding settings) {
    return loaded.computeIfAbsent(settings, PlainModel::open);
  }

  @Override
  public void close() {
    loaded.values().forEach(PlainModel::close);
  }
}
