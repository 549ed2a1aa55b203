package io.vectorstream.embedding;

import com.google.common.base.Throwables;
import com.google.common.collect.Lists;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.vectorstream.config.RemoteEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A model on a server, which is asked over HTTP. Any number of threads may call it. */
final class RemoteModel implements EmbeddingModel {
  static final String ENGINE = "Remote";

  /** The texts whose vectors make the model's fingerprint. */
  private static final List<String> PROBES =
      List.of("red running shoes", "Edelstahl-Wasserkocher, 1,7 l", "cafetière à piston");

  private final RemoteEmbedding settings;
  private final RemoteForm form;
  private final RemoteCalls calls;
  private final SentenceHead head;
  private final ExecutorService requests;

  /** The numbers of a vector as the server sends it; 0 until the first answer. */
  private volatile int width;

  /**
   * @param dimensions numbers that are kept of a vector; 0 for all
   */
  RemoteModel(RemoteEmbedding settings, int dimensions) {
    this(settings, dimensions, new RemoteCalls(settings));
  }

  RemoteModel(RemoteEmbedding settings, int dimensions, RemoteCalls calls) {
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
   * Asks for the vectors that tell the model from others.
   *
   * @throws EmbeddingException if the server does not answer, or not as expected
   */
  ModelIdentity identity(Prompts prompts) {
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
    return vectors;
  }

  @Override
  public boolean canEmbedBeside() {
    return true;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    return ask(List.of(CodePoints.text(tokens))).get(0);
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

  private synchronized void checkWidth(int found) {
    width = width == 0 ? found : width;
    if (found != width) {
      throw new ServerAwayException(
          "the embedding server %s gives vectors of %d numbers, and gave %d before; expected one model"
              .formatted(settings.url(), found, width),
          null);
    }
  }

  @Override
  public Optional<String> outage() {
    return calls.outage();
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
