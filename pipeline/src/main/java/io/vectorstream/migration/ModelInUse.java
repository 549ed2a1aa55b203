package io.vectorstream.migration;

import io.vectorstream.config.ModelSettings;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.PlainModel;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice of the model and the collections that a process works with: after a migration those
 * that are in use, whatever the process's settings name.
 */
public final class ModelInUse {

  private static final Logger log = LoggerFactory.getLogger(ModelInUse.class);

  /** The time for finding out which model is in use, where others wait for it. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private ModelInUse() {}

  /**
   * Returns the settings with the model and the collections in use; a line in the log says which
   * settings differ.
   */
  public static Settings of(Settings given, VectorStore store) {
    return new ModelRegister(store).find().map(state -> of(given, state)).orElse(given);
  }

  /** Returns the same; where the store does not answer soon, the settings as they are. */
  public static Settings ofReachable(Settings given) {
    try (VectorStore store = VectorStore.connect(given.qdrant().within(SOON))) {
      return of(given, store);
    } catch (StoreException e) {
      // Whoever needs the store reports it.
      log.debug("it is not known which model is in use", e);
      return given;
    }
  }

  /**
   * Returns the settings of a process with a model that has collections: as the process itself
   * loads it, if it is the one that its settings name.
   */
  public static Settings of(Settings given, ModelCollections model) {
    return isModelOf(given.embedding(), model)
        ? given.withModel(given.embedding(), model.products(), model.users())
        : settings(given, model);
  }

  static Settings of(Settings given, ModelState state) {
    ModelCollections inUse = state.inUse();
    if (isModelOf(given.embedding(), inUse)) {
      return given.withModel(given.embedding(), inUse.products(), inUse.users());
    }
    log.warn(
        "the model in use is {}, and the settings name another one; it is used all the same. Set from now on: {}",
        inUse.model(),
        advice(inUse, given.embedding()));
    return settings(given, inUse);
  }

  /**
   * Returns the settings with the collections of each model that has vectors, those in use last;
   * the model itself stays that of the settings.
   */
  public static List<Settings> collections(Settings given, VectorStore store) {
    return new ModelRegister(store)
        .find()
        .map(
            state ->
                state
                    .written()
                    .map(
                        model ->
                            given.withModel(given.embedding(), model.products(), model.users()))
                    .toList())
        .orElse(List.of(given));
  }

  /** Returns the settings of a process with a model that has collections. */
  static Settings settings(Settings process, ModelCollections model) {
    Settings.Embedding embedding = ModelSettings.apply(model.settings(), process.embedding());
    try {
      embedding = embedding.withApiKey(embedding.remote().resolvedApiKey());
    } catch (SettingsException e) {
      // Whoever loads the model reports it.
      log.debug("the key of the server that embeds is not here", e);
    }
    return process.withModel(embedding, model.products(), model.users());
  }

  /** Returns whether the settings name this model, perhaps in another place. */
  static boolean isModelOf(Settings.Embedding given, ModelCollections model) {
    if (model.settings().isEmpty() || model.settings().equals(ModelSettings.of(given))) {
      return true;
    }
    try {
      return PlainModel.identityOf(given.withApiKey(given.remote().resolvedApiKey()))
          .made(model.model());
    } catch (EmbeddingException e) {
      log.debug("the model of the settings cannot be read", e);
      return false;
    }
  }

  /**
   * Returns every setting that has to change for a process to name this model: {@code
   * embedding.model=/models/new embedding.pooling=cls}.
   */
  public static String advice(ModelCollections model, Settings.Embedding present) {
    return advice(model, ModelSettings.of(present));
  }

  /** Returns every setting in which a model differs from others, in the same form. */
  public static String advice(ModelCollections model, Map<String, String> present) {
    Map<String, String> differing = ModelSettings.differing(model.settings(), present);
    return differing.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + quoted(setting.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** Returns the value as a shell and a settings file take it. */
  private static String quoted(String value) {
    return value.isEmpty() || !value.strip().equals(value) || value.contains(" ")
        ? "\"" + value + "\""
        : value;
  }
}
