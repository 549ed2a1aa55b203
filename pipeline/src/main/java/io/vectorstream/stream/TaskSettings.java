package io.vectorstream.stream;

import io.vectorstream.config.Redaction;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import java.io.Serializable;

/**
 * The settings that tasks need: everything that closures carry to executors. Secrets stay in the
 * driver; a task takes them from {@link TaskSecrets}, by their numbers.
 *
 * @param keylessQdrant the settings of the store, without its key
 * @param apiKeyId the number of the store's key; empty where there is none
 * @param keylessEmbedding the settings of the model; with an empty model where that is a URL with a
 *     password
 * @param modelId the number of that URL; empty where the model is no secret
 * @param eventVectors whether events carry their product's embedding
 */
public record TaskSettings(
    Settings.Qdrant keylessQdrant,
    String apiKeyId,
    Settings.Embedding keylessEmbedding,
    String modelId,
    Settings.Interest interest,
    boolean eventVectors,
    String checkpoint)
    implements Serializable {

  /** Returns the parts of settings that tasks need; their files must have been read. */
  public static TaskSettings of(Settings settings) {
    String model = settings.embedding().model();
    boolean isSecret = Redaction.holdsSecret(model);
    return new TaskSettings(
        settings.qdrant().withApiKey(new Secret("")),
        TaskSecrets.keep(settings.qdrant().apiKey()),
        isSecret ? settings.embedding().withModel("") : settings.embedding(),
        isSecret ? TaskSecrets.keep(new Secret(model)) : "",
        settings.interest(),
        settings.events().vectors(),
        settings.stream().checkpoint());
  }

  Settings.Qdrant qdrant() {
    return keylessQdrant.withApiKey(TaskSecrets.get(apiKeyId));
  }

  Settings.Embedding embedding() {
    return modelId.isEmpty()
        ? keylessEmbedding
        : keylessEmbedding.withModel(TaskSecrets.get(modelId).value());
  }
}
