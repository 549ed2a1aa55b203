package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import io.vectorstream.process.NativeWork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model with its tokenizer only: no cache, and no batches but the caller's. {@link
 * EmbeddingService} is built on it; the service's benefit is measured against it. For one thread.
 */
public final class PlainModel implements AutoCloseable {

  /** The word that is embedded at the start to check that the model computes. */
  static final String KNOWN_WORD = "product";

  private static final Logger log = LoggerFactory.getLogger(PlainModel.class);

  private static final List<InferenceEngine> ENGINES =
      List.of(new OnnxEngine(), new PyTorchEngine());

  private static final AtomicInteger LOADED = new AtomicInteger();

  private final Tokenizer tokenizer;
  private final EmbeddingModel model;
  private final String description;
  private final Prompts prompts;
  private final ModelIdentity identity;
  private final int dimension;

  /** Takes over the tokenizer and the model, and closes them with itself. */
  PlainModel(Tokenizer tokenizer, EmbeddingModel model, String description) {
    this(tokenizer, model, description, Prompts.NONE, ModelIdentity.named(model.engine().model()));
  }

  private PlainModel(
      Tokenizer tokenizer,
      EmbeddingModel model,
      String description,
      Prompts prompts,
      ModelIdentity identity) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.description = description;
    this.prompts = prompts;
    this.identity = identity;
    // The first run also takes the engine's slow start out of the first real batch.
    this.dimension = embed(tokenize(List.of(KNOWN_WORD))).get(0).length;
  }

  private PlainModel(EmbeddingModel model, ModelIdentity identity, int dimension) {
    this.tokenizer = new CodePoints();
    this.model = model;
    this.description = "the model " + identity + " is not loaded";
    this.prompts = Prompts.NONE;
    this.identity = identity;
    this.dimension = dimension;
  }

  /** Returns the place of a model that is not loaded. */
  static PlainModel absent(AbsentModel model, ModelIdentity identity, int dimension) {
    return new PlainModel(model, identity, dimension);
  }

  /**
   * Loads the model as the settings say, except for the batch size and the cache.
   *
   * @throws EmbeddingException if the model cannot be loaded, or not as the settings ask
   */
  public static PlainModel open(Settings.Embedding settings) {
    return open(settings, ENGINES);
  }

  static PlainModel open(Settings.Embedding settings, List<InferenceEngine> engines) {
    return NativeWork.ofProcess().run(() -> load(settings, engines));
  }

  private static PlainModel load(Settings.Embedding settings, List<InferenceEngine> engines) {
    if (settings.asksServer()) {
      return loadRemote(settings);
    }
    TextTokenizer tokenizer = null;
    EmbeddingModel model = null;
    try {
      ModelSource source = ModelSource.of(settings);
      ModelRecipe recipe = source.recipe();
      TextTokenizer words = source.tokenizer(recipe.tokens(settings.maxTokens()));
      tokenizer = words;
      List<long[]> knownWord = words.tokenize(List.of(KNOWN_WORD));
      DeviceChoice.Chosen chosen =
          recipe.tokenTable()
              ? tokenTable(source)
              : DeviceChoice.choose(settings, source, engines, loaded -> probe(loaded, knownWord));
      model = chosen.model();
      ModelIdentity identity = source.files().identity(source.name(), recipe);
      LOADED.incrementAndGet();
      return new PlainModel(tokenizer, model, chosen.description(), recipe.prompts(), identity);
    } catch (Exception | LinkageError e) {
      if (model != null) {
        model.close();
      }
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e instanceof EmbeddingException told
          ? told
          : new EmbeddingException(
              "cannot load the embedding model %s: %s".formatted(settings.model(), reason(e)), e);
    }
  }

  private static DeviceChoice.Chosen tokenTable(ModelSource source) {
    String description =
        "embedding by the table of tokens of %s on the cpu".formatted(source.name());
    log.info("{}", description);
    return new DeviceChoice.Chosen(source.tokenTable(source.recipe().head()), description);
  }

  private static PlainModel loadRemote(Settings.Embedding settings) {
    RemoteModel model = new RemoteModel(settings.remote(), settings.dimensions());
    try {
      Prompts prompts = ModelRecipe.SILENT.with(settings).prompts();
      ModelIdentity identity = model.identity(prompts);
      String description =
          "embedding by the model %s of the server %s"
              .formatted(identity.name(), settings.remote().url());
      log.info("{}", description);
      return new PlainModel(new CodePoints(), model, description, prompts, identity);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Returns the identity of the model that the settings name, without loading it; a server is asked
   * for a few vectors.
   *
   * @throws EmbeddingException if there is no such model
   */
  public static ModelIdentity identityOf(Settings.Embedding settings) {
    if (settings.asksServer()) {
      try (PlainModel model = loadRemote(settings)) {
        return model.identity();
      }
    }
    try {
      ModelSource source = ModelSource.of(settings);
      return source.files().identity(source.name(), source.recipe());
    } catch (IOException e) {
      throw new EmbeddingException(
          "cannot read the embedding model %s: %s".formatted(settings.model(), reason(e)), e);
    }
  }

  /** Checks for numbers: half precision, or a broken device, may yield NaN. */
  private static void probe(EmbeddingModel model, List<long[]> knownWord) {
    for (float value : model.embed(knownWord).get(0)) {
      if (!Float.isFinite(value)) {
        throw new EmbeddingException(
            "the embedding model computes %s for the word \"%s\" on the %s"
                .formatted(value, KNOWN_WORD, model.engine().device()));
      }
    }
  }

  static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** Returns the token ids of each product's text, special ones included, without padding. */
  public List<long[]> tokenize(List<String> texts) {
    return tokenizer.tokenize(texts.stream().map(text -> prompts.document() + text).toList());
  }

  /**
   * Embeds one batch, in the order in which it is given. With one thread ({@code
   * embedding.threads}) it is one call of the model, in which every text is padded to the longest;
   * more threads compute a part of the batch each.
   *
   * @param tokens as {@link #tokenize} gives them
   * @return a vector for each, {@code float[384]} with the bundled model, L2-normalised
   */
  public List<float[]> embed(List<long[]> tokens) {
    return model.embed(tokens);
  }

  /** Returns the engine that computes. */
  public EngineInfo engine() {
    return model.engine();
  }

  /** Returns the number of floats in a vector. */
  public int dimension() {
    return dimension;
  }

  static int loaded() {
    return LOADED.get();
  }

  /** Returns what its vectors can be compared by. */
  public ModelIdentity identity() {
    return identity;
  }

  Prompts prompts() {
    return prompts;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  EmbeddingModel model() {
    return model;
  }

  String description() {
    return description;
  }

  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
