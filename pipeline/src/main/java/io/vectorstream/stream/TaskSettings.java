package io.vectorstream.stream;

import io.vectorstream.config.Redaction;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.LateEmbeddings;
import io.vectorstream.migration.Side;
import io.vectorstream.process.JvmRegistry;
import java.io.Serializable;

/**
 * The settings that tasks need: everything that closures carry to executors. Secrets stay in the
 * driver; a task takes them from {@link TaskSecrets}, by their numbers.
 *
 * @param keylessQdrant the settings of the store, without its key
 * @param apiKeyId the number of the store's key; empty where there is none
 * @param keylessEmbedding the settings of the model, without a server's key; with an empty model
 *     where that is a URL with a password
 * @param modelId the number of that URL; empty where the model is no secret
 * @param modelKeyId the number of the server's key; empty where there is none
 * @param modelName what the driver's model is stored as; empty where it has loaded none
 * @param lateDimension floats in a vector of a model that no task waits for; 0 for one that has to
 *     be there
 * @param eventVectors whether events carry their product's embedding
 */
public record TaskSettings(
    Settings.Qdrant keylessQdrant,
    String apiKeyId,
    Settings.Embedding keylessEmbedding,
    String modelId,
    String modelKeyId,
    String modelName,
    int lateDimension,
    Settings.Interest interest,
    boolean eventVectors,
    String checkpoint)
    implements Serializable {

  /** Returns the parts of settings that tasks need; their files must have been read. */
  public static TaskSettings of(Settings settings) {
    return of(
        settings,
        JvmRegistry.find(EmbeddingService.class, settings.embedding())
            .map(EmbeddingService::modelName)
            .orElse(""),
        0);
  }

  /** Returns the same for one of the models that have vectors in the store. */
  static TaskSettings of(Side side) {
    return side.late()
        ? of(side.settings(), side.collections().model(), side.collections().dimension())
        : of(side.settings());
  }

  private static TaskSettings of(Settings settings, String modelName, int lateDimension) {
    Settings.Embedding keyless = settings.embedding().withApiKey(new Secret(""));
    String model = keyless.model();
    boolean isSecret = Redaction.holdsSecret(model);
    return new TaskSettings(
        settings.qdrant().withApiKey(new Secret("")),
        TaskSecrets.keep(settings.qdrant().apiKey()),
        isSecret ? keyless.withModel("") : keyless,
        isSecret ? TaskSecrets.keep(new Secret(model)) : "",
        TaskSecrets.keep(settings.embedding().remote().apiKey()),
        modelName,
        lateDimension,
        settings.interest(),
        settings.events().vectors(),
        settings.stream().checkpoint());
  }

  Settings.Qdrant qdrant() {
    return keylessQdrant.withApiKey(TaskSecrets.get(apiKeyId));
  }

  /**
   * Returns the one service of this JVM; of a model that is not loaded yet, and that no task waits
   * for, one whose texts wait.
   *
   * @throws PipelineException if its model is another one than the driver's
   */
  EmbeddingService embeddings() {
    if (lateDimension > 0) {
      return LateEmbeddings.of(embedding(), modelName, lateDimension).service();
    }
    EmbeddingService embeddings = EmbeddingService.shared(embedding());
    if (!modelName.isEmpty() && !embeddings.identity().made(modelName)) {
      throw new PipelineException(
          "the embedding model of this executor is %s, and the driver's is %s; expected the same files on every machine (embedding.model)"
              .formatted(embeddings.modelName(), modelName));
    }
    return embeddings;
  }

  /** Returns whether texts can be embedded without a wait, as far as that is asked for. */
  boolean canEmbed() {
    return lateDimension == 0 || LateEmbeddings.of(embedding(), modelName, lateDimension).isReady();
  }

  Settings.Embedding embedding() {
    Settings.Embedding embedding = keylessEmbedding.withApiKey(TaskSecrets.get(modelKeyId));
    return modelId.isEmpty() ? embedding : embedding.withModel(TaskSecrets.get(modelId).value());
  }
}
