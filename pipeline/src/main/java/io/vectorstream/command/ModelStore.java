package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.migration.ModelMigrations;
import io.vectorstream.store.VectorStore;
import java.util.function.BiFunction;

/** The connection of the commands about models. */
final class ModelStore {

  private ModelStore() {}

  /**
   * Asks with a connection of its own.
   *
   * @param settings with the collections as a pipeline's settings name them
   */
  static <T> T ask(Settings settings, BiFunction<Settings, ModelMigrations, T> question) {
    Settings read = settings.withFilesRead();
    try (VectorStore store = VectorStore.connectForWork(read.qdrant())) {
      store.check();
      return question.apply(read, new ModelMigrations(read, store));
    }
  }
}
