package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.process.JvmRegistry;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service of a model that is loaded while others work, and may never be: until then all of its
 * texts wait. What cannot be loaded is tried again, once a minute at most, when somebody asks.
 */
public final class LateEmbeddings {

  private static final Logger log = LoggerFactory.getLogger(LateEmbeddings.class);

  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);

  private final Settings.Embedding settings;
  private final String identity;
  private final EmbeddingService absent;
  private Thread loading;
  private long triedNanos;
  private volatile String problem = "";
  private volatile EmbeddingService loaded;

  private record Key(Settings.Embedding settings, String identity) {}

  private LateEmbeddings(Settings.Embedding settings, String identity, int dimension) {
    this.settings = settings;
    this.identity = identity;
    ModelIdentity model = ModelIdentity.ofStored(identity);
    this.absent =
        new EmbeddingService(
            settings,
            PlainModel.absent(new AbsentModel(model.name(), this::why), model, dimension));
  }

  /**
   * Returns the one of this JVM for a model, and begins to load it.
   *
   * @param settings that load the model
   * @param identity as it is stored with the model's vectors; another model is not taken
   * @param dimension floats in a vector
   */
  public static LateEmbeddings of(Settings.Embedding settings, String identity, int dimension) {
    LateEmbeddings late =
        JvmRegistry.get(
            LateEmbeddings.class,
            new Key(settings, identity),
            () -> new LateEmbeddings(settings, identity, dimension));
    late.load();
    return late;
  }

  /** Returns the model's service or, until it is loaded, one whose texts wait. */
  public EmbeddingService service() {
    EmbeddingService present = loaded;
    return present == null ? absent : present;
  }

  /** Returns whether the model can be used. */
  public boolean isLoaded() {
    return loaded != null;
  }

  /** Returns why the model cannot be loaded; empty while it is loading, or loaded. */
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  private String why() {
    return problem.isEmpty() ? "the model %s is being loaded".formatted(identity) : problem;
  }

  private synchronized void load() {
    boolean due = triedNanos == 0 || System.nanoTime() - triedNanos > BETWEEN_TRIES.toNanos();
    if (loaded != null || loading != null || !due) {
      return;
    }
    triedNanos = System.nanoTime();
    loading = new Thread(this::tryToLoad, "model-loading");
    loading.setDaemon(true);
    loading.start();
  }

  private void tryToLoad() {
    String wrong = "";
    try {
      EmbeddingService service =
          EmbeddingService.shared(settings.withApiKey(settings.remote().resolvedApiKey()));
      if (service.identity().made(identity)) {
        loaded = service;
        log.info("the model {} is loaded", identity);
      } else {
        wrong =
            "%s holds the model %s now, expected %s"
                .formatted(settings.model(), service.modelName(), identity);
        service.close();
      }
    } catch (EmbeddingException | SettingsException e) {
      wrong = e.getMessage();
    } finally {
      if (!wrong.isEmpty() && !wrong.equals(problem)) {
        log.warn("the model {} cannot be loaded, and is tried again: {}", identity, wrong);
      }
      problem = wrong;
      synchronized (this) {
        loading = null;
      }
    }
  }
}
