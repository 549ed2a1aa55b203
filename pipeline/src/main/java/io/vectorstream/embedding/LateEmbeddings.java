package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.process.JvmRegistry;
import java.time.Duration;
import java.util.List;
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

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  /** A time in which a server is asked once. */
  private static final Duration ONE_CALL = Duration.ofNanos(1);

  private final Settings.Embedding settings;
  private final String identity;
  private final EmbeddingService absent;
  private Thread loading;
  private Thread asking;
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
    EmbeddingService present = present();
    return present == null ? absent : present;
  }

  /** Returns the service; null if it is not loaded, or was closed since. */
  private EmbeddingService present() {
    EmbeddingService present = loaded;
    boolean isOpen = present != null && EmbeddingService.allShared().contains(present);
    return isOpen ? present : null;
  }

  /**
   * Returns whether texts can be embedded without a wait: the model is loaded, and its server, if
   * it has one, answers. A server that does not is asked again by a thread of this object's own.
   */
  public boolean isReady() {
    EmbeddingService present = present();
    if (present != null && present.outage().isPresent()) {
      ask(present);
      return false;
    }
    return present != null;
  }

  /** Returns why texts wait; empty while the model is loading, or can be used. */
  public Optional<String> problem() {
    EmbeddingService present = present();
    return present != null
        ? present.outage()
        : problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  private synchronized void ask(EmbeddingService away) {
    if (asking != null) {
      return;
    }
    asking =
        new Thread(
            () -> {
              try {
                away.embedEach(List.of(PlainModel.KNOWN_WORD + System.nanoTime()), ONE_CALL);
                Thread.sleep(BETWEEN_QUESTIONS.toMillis());
              } catch (EmbeddingException | InterruptedException e) {
                log.debug("still away", e);
              } finally {
                synchronized (this) {
                  asking = null;
                }
              }
            },
            "model-question");
    asking.setDaemon(true);
    asking.start();
  }

  private String why() {
    return problem.isEmpty() ? "the model %s is being loaded".formatted(identity) : problem;
  }

  private synchronized void load() {
    boolean failed = !problem.isEmpty();
    boolean due = !failed || System.nanoTime() - triedNanos > BETWEEN_TRIES.toNanos();
    if (present() != null || loading != null || !due) {
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
