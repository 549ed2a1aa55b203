package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice of engine and device: of the engines that the settings allow, the first that can use a
 * GPU, and the CPU if none can.
 */
final class DeviceChoice {
  private static final Logger log = LoggerFactory.getLogger(DeviceChoice.class);

  private final Settings.Embedding settings;
  private final ModelSource source;
  private final List<InferenceEngine> engines;
  private final TrialRun probe;
  private final int threads;

  /** The reasons against candidates before the chosen one, with the engines that they apply to. */
  private final Map<String, Set<String>> reasons = new LinkedHashMap<>();

  /** A run of a model, to check that it computes. */
  interface TrialRun {
    void run(EmbeddingModel model);
  }

  /**
   * @param model ready to compute
   * @param description which was chosen and why, in one line
   */
  record Chosen(EmbeddingModel model, String description) {}

  private DeviceChoice(
      Settings.Embedding settings,
      ModelSource source,
      List<InferenceEngine> engines,
      TrialRun probe) {
    this.settings = settings;
    this.source = source;
    this.engines = engines;
    this.probe = probe;
    this.threads =
        settings.threads() > 0 ? settings.threads() : Runtime.getRuntime().availableProcessors();
  }

  /**
   * @param engines all engines, the preferred one first
   * @throws EmbeddingException if the settings ask for something that is not available, or the
   *     model cannot be loaded
   */
  static Chosen choose(
      Settings.Embedding settings,
      ModelSource source,
      List<InferenceEngine> engines,
      TrialRun probe) {
    DeviceChoice choice = new DeviceChoice(settings, source, engines, probe);
    Chosen chosen = choice.choose();
    log.info("{}", chosen.description());
    return chosen;
  }

  private Chosen choose() {
    List<InferenceEngine> allowed = engines.stream().filter(this::isAllowed).toList();
    Optional<Chosen> onGpu = Optional.empty();
    if (settings.device() == Settings.Device.CPU) {
      reasons.put("embedding.device is cpu", Set.of());
    } else if (settings.precision() == Settings.Precision.INT8
        || settings.precision() == Settings.Precision.BF16) {
      reasons.put(name(settings.precision()) + " is for the cpu", Set.of());
    } else {
      onGpu = onGpu(allowed);
    }
    return onGpu.orElseGet(() -> onCpu(allowed));
  }

  private boolean isAllowed(InferenceEngine engine) {
    return settings.engine() == Settings.Engine.AUTO
        || settings.engine().name().equalsIgnoreCase(engine.name());
  }

  private Optional<Chosen> onGpu(List<InferenceEngine> allowed) {
    for (Settings.Precision precision : precisions(true)) {
      for (InferenceEngine engine : allowed) {
        ModelPlacement target = new ModelPlacement(true, precision, threads);
        Optional<String> hindrance =
            engine.unfit(source, target).or(() -> engine.gpuMissing(target));
        if (hindrance.isPresent()) {
          note(engine, hindrance.get());
          continue;
        }
        try {
          EmbeddingModel model =
              new FallbackModel(
                  load(engine, target),
                  () -> engine.load(source, target),
                  () -> onCpu(allowed).model(),
                  probe,
                  InstantSource.system());
          return Optional.of(new Chosen(model, describe(engine, target)));
        } catch (Exception | LinkageError e) {
          note(engine, Djl.reason(e));
        }
      }
    }
    if (settings.device() == Settings.Device.GPU) {
      throw new EmbeddingException(
          "embedding.device is gpu, but no GPU can be used: %s; mend that, or set embedding.device: auto"
              .formatted(why()));
    }
    return Optional.empty();
  }

  private Chosen onCpu(List<InferenceEngine> allowed) {
    List<String> unfit = new ArrayList<>();
    List<Settings.Precision> precisions = precisions(false);
    for (Settings.Precision precision : precisions) {
      boolean hasSubstitute = precision != precisions.get(precisions.size() - 1);
      for (InferenceEngine engine : allowed) {
        ModelPlacement target = new ModelPlacement(false, precision, threads);
        Optional<String> hindrance = engine.unfit(source, target);
        if (hindrance.isPresent()) {
          unfit.add(engine.name() + ": " + hindrance.get());
          if (hasSubstitute) {
            note(engine, hindrance.get());
          }
          continue;
        }
        try {
          return new Chosen(load(engine, target), describe(engine, target));
        } catch (Exception | LinkageError e) {
          if (hasSubstitute) {
            note(engine, Djl.reason(e));
            continue;
          }
          if (e instanceof EmbeddingException told) {
            throw told;
          }
          throw new EmbeddingException(
              "cannot load the embedding model %s with %s: %s"
                  .formatted(source.name(), engine.name(), Djl.reason(e)),
              e);
        }
      }
    }
    throw new EmbeddingException(
        "no engine can run the model %s as the settings ask (embedding.engine, embedding.precision): %s"
            .formatted(source.name(), String.join("; ", unfit)));
  }

  /** Returns the precisions to try, the wanted one first and its substitute next. */
  private List<Settings.Precision> precisions(boolean gpu) {
    return switch (settings.precision()) {
      case FP32, INT8 -> List.of(settings.precision());
      case BF16 -> List.of(Settings.Precision.BF16, Settings.Precision.FP32);
      case AUTO ->
          gpu
              ? List.of(Settings.Precision.FP32)
              : List.of(Settings.Precision.BF16, Settings.Precision.FP32);
      case FP16 ->
          gpu
              ? List.of(Settings.Precision.FP16, Settings.Precision.FP32)
              : List.of(Settings.Precision.FP32);
    };
  }

  private EmbeddingModel load(InferenceEngine engine, ModelPlacement target) throws Exception {
    EmbeddingModel model = engine.load(source, target);
    try {
      probe.run(model);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private void note(InferenceEngine engine, String reason) {
    reasons.computeIfAbsent(reason, any -> new LinkedHashSet<>()).add(engine.name());
  }

  private String why() {
    return reasons.entrySet().stream()
        .map(
            reason ->
                reason.getValue().size() == 1
                    ? reason.getValue().iterator().next() + ": " + reason.getKey()
                    : reason.getKey())
        .collect(Collectors.joining("; "));
  }

  private static String name(Settings.Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private String describe(InferenceEngine engine, ModelPlacement target) {
    String line =
        "embedding with %s on the %s in %s"
            .formatted(engine.name(), target.device(), target.precisionName());
    if (settings.precision() != Settings.Precision.AUTO
        && target.precision() != settings.precision()) {
      line += " instead of " + name(settings.precision());
    }
    return reasons.isEmpty() ? line : line + ": " + why();
  }
}
