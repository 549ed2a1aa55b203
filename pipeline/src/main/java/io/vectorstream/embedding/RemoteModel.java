package io.vectorstream.embedding;

import com.google.common.base.Throwables;
import com.google.common.collect.Lists;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.vectorstream.config.RemoteEmbedding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model on a server, which is asked over HTTP. Any number of threads may call it. */
final class RemoteModel implements EmbeddingModel {
  private static final Logger log = LoggerFactory.getLogger(RemoteModel.class);

  static final String ENGINE = "Remote";

  /** How often it is asked, while it is in use, whether it is still the same model. */
  private static final Duration CHECKED_EVERY = Duration.ofMinutes(1);

  /** The texts whose vectors make the model's fingerprint. */
  private static final List<String> PROBES =
      List.of("red running shoes", "Edelstahl-Wasserkocher, 1,7 l", "cafetière à piston");

  private final RemoteEmbedding settings;
  private final RemoteForm form;
  private final RemoteCalls calls;
  private final SentenceHead head;
  private final ExecutorService requests;
  private final Duration checkedEvery;

  /** The numbers of a vector as the server sends it; 0 until the first answer. */
  private final AtomicInteger width = new AtomicInteger();

  /** What told the model from others when it was last asked; null until then. */
  private volatile Checked checked;

  /**
   * The last look at which model the server has.
   *
   * @param identity of the model whose vectors are wanted
   * @param other the failure that the server has another one; null if it has not
   * @param returns how many times the server had answered again until then
   * @param at by {@link System#nanoTime}
   */
  private record Checked(
      ModelIdentity identity, Prompts prompts, String other, int returns, long at) {}

  /**
   * @param dimensions numbers that are kept of a vector; 0 for all
   */
  RemoteModel(RemoteEmbedding settings, int dimensions) {
    this(settings, dimensions, new RemoteCalls(settings), CHECKED_EVERY);
  }

  /**
   * @param checkedEvery how often it is asked, while it is in use, whether it is still the same
   *     model
   */
  RemoteModel(RemoteEmbedding settings, int dimensions, RemoteCalls calls, Duration checkedEvery) {
    this.checkedEvery = checkedEvery;
    this.settings = settings;
    this.form = new RemoteForm(settings);
    this.calls = calls;
    this.head = new SentenceHead(Pooling.MEAN, List.of(), dimensions);
    this.requests =
        Executors.newFixedThreadPool(
            settings.requests(),
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("embedding-%d").build());
  }

  /**
   * Asks for the vectors that tell the model from others. From then on no vectors of another model
   * are given out, but for those of the time between two looks.
   *
   * @throws EmbeddingException if the server does not answer, or not as expected
   */
  ModelIdentity identity(Prompts prompts) {
    int returns = calls.returns();
    ModelIdentity identity = probe(prompts);
    checked = new Checked(identity, prompts, null, returns, System.nanoTime());
    return identity;
  }

  private ModelIdentity probe(Prompts prompts) {
    List<String> probes =
        Stream.of(prompts.document(), prompts.query())
            .flatMap(prompt -> PROBES.stream().map(probe -> prompt + probe))
            .toList();
    List<float[]> vectors = ask(probes);
    String recipe =
        "query=%s;document=%s;dimensions=%d"
            .formatted(prompts.query(), prompts.document(), vectors.get(0).length);
    return new ModelIdentity(settings.model(), ProbeFingerprint.of(vectors, recipe), false);
  }

  private boolean mustBeChecked() {
    Checked last = checked;
    return last != null
        && (last.returns != calls.returns()
            || System.nanoTime() - last.at >= checkedEvery.toNanos());
  }

  /**
   * Checks that the server has the same model as at first, if it has been away since it was last
   * asked, or if that was a while ago.
   *
   * @throws ServerAwayException if it has another one, or does not answer
   */
  private void checkModel() {
    if (mustBeChecked()) {
      askForModel();
    }
    Checked last = checked;
    if (last != null && last.other != null) {
      throw new ServerAwayException(last.other, null);
    }
  }

  private synchronized void askForModel() {
    if (!mustBeChecked()) {
      return;
    }
    Checked last = checked;
    int returns = calls.returns();
    ModelIdentity found = probe(last.prompts);
    // A return while it was asked is looked at again.
    String other = last.identity.made(found.toString()) ? null : other(last.identity, found);
    checked = new Checked(last.identity, last.prompts, other, returns, System.nanoTime());
    if (other != null && last.other == null) {
      log.warn("{}; texts wait for their embedding until it is served again", other);
    }
  }

  private String other(ModelIdentity wanted, ModelIdentity found) {
    return "the embedding server %s gives vectors of another model, %s; expected %s, as before"
        .formatted(settings.url(), found, wanted);
  }

  /** Returns as many texts at once as all requests at the same time take, of whatever length. */
  @Override
  public List<int[]> batches(List<long[]> tokens, int maxTexts) {
    List<Integer> places = IntStream.range(0, tokens.size()).boxed().toList();
    return Lists.partition(places, settings.batchSize() * settings.requests()).stream()
        .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    requireModel();
    List<CompletableFuture<List<float[]>>> answers =
        Lists.partition(tokens, settings.batchSize()).stream()
            .map(
                some ->
                    CompletableFuture.supplyAsync(
                        () -> ask(some.stream().map(CodePoints::text).toList()), requests))
            .toList();
    List<float[]> vectors = new ArrayList<>(tokens.size());
    Throwable failure = null;
    // Waits for all of them, also after a failure: the next call sends as many again.
    for (CompletableFuture<List<float[]>> answer : answers) {
      try {
        vectors.addAll(answer.join());
      } catch (CompletionException e) {
        failure = failure == null ? e.getCause() : failure;
      }
    }
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
    }
    // After the vectors: those of a model that came in between are not given out.
    checkModel();
    return vectors;
  }

  @Override
  public boolean canEmbedBeside() {
    return true;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    requireModel();
    float[] vector = ask(List.of(CodePoints.text(tokens))).get(0);
    checkModel();
    return vector;
  }

  /** Checks that no texts are sent to a server of which it is known that it has another model. */
  private void requireModel() {
    Checked last = checked;
    if (last != null && last.other != null) {
      checkModel();
    }
  }

  private List<float[]> ask(List<String> texts) {
    List<float[]> vectors;
    try {
      vectors = form.vectors(calls.send(form.request(texts)), texts.size());
    } catch (IllegalArgumentException e) {
      throw new ServerAwayException(
          "the embedding server %s gives %s".formatted(settings.url(), e.getMessage()), e);
    }
    for (float[] vector : vectors) {
      checkWidth(vector.length);
    }
    return vectors.stream().map(head::finished).toList();
  }

  private void checkWidth(int found) {
    if (!width.compareAndSet(0, found) && width.get() != found) {
      throw new ServerAwayException(
          "the embedding server %s gives vectors of %d numbers, and gave %d before; expected one model"
              .formatted(settings.url(), found, width.get()),
          null);
    }
  }

  @Override
  public Optional<String> outage() {
    Checked last = checked;
    return calls.outage().or(() -> Optional.ofNullable(last == null ? null : last.other));
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public EngineInfo engine() {
    return new EngineInfo(ENGINE, "server", "as served", settings.model());
  }

  @Override
  public void close() {
    requests.shutdownNow();
  }
}
