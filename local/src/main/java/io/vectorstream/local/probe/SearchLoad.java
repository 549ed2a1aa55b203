package io.vectorstream.local.probe;

import io.vectorstream.config.Settings;
import io.vectorstream.local.probe.SearchPlan.Share;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import io.vectorstream.reports.result.Searches.Step;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Searches beside a load, at one rate after another: an open loop, so that searches that wait for
 * others count with their waiting. During the warm-up they come at the first rate, and are not
 * measured.
 */
public final class SearchLoad implements AutoCloseable {
  /** The longest time of a search; one that takes longer has failed. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The smallest part of a step that is worth its figures. */
  private static final double LEAST = 0.25;

  /** The searches for each kind that are compared with exact ones. */
  private static final int COMPARED = 100;

  private static final int ASKERS = 64;

  private final SearchPlan plan;
  private final Duration warmUp;
  private final Duration step;
  private final VectorStore store;
  private final Searcher searcher;
  private final SplittableRandom random;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Those that wait for the store. A search that finds none of them free counts with its wait. */
  private final ExecutorService askers = Executors.newFixedThreadPool(ASKERS);

  private final List<Step> steps = new ArrayList<>();
  private final CompletableFuture<Void> done;
  private volatile boolean stopped;

  private SearchLoad(
      SearchPlan plan,
      String url,
      Settings settings,
      SearchSubjects subjects,
      Duration warmUp,
      Duration duration) {
    this.plan = plan;
    this.warmUp = warmUp;
    this.step = plan.step(duration, warmUp);
    this.random = new SplittableRandom(subjects.seed());
    this.store = VectorStore.connect(settings.qdrant().within(PATIENCE));
    this.searcher =
        new Searcher(
            new ApiClient(url, settings.http(), PATIENCE, threads),
            store,
            settings.embedding(),
            subjects,
            askers);
    this.done = CompletableFuture.runAsync(this::search, threads);
  }

  /**
   * Begins to search.
   *
   * @param url of the API
   * @param warmUp the first part of the load, which is not measured
   * @param duration of the load
   */
  public static SearchLoad start(
      SearchPlan plan,
      String url,
      Settings settings,
      SearchSubjects subjects,
      Duration warmUp,
      Duration duration) {
    return new SearchLoad(plan, url, settings, subjects, warmUp, duration);
  }

  private void search() {
    searcher.readVectors();
    long start = System.nanoTime();
    run(plan.rates().get(0), start, warmUp);
    long planned = start + warmUp.toNanos();
    for (int i = 0; i < plan.rates().size() && !stopped; i++) {
      searcher.readVectors();
      // Begins when the answers of the step before are there, and ends when it was to end.
      long from = Math.max(System.nanoTime(), planned);
      planned += step.toNanos();
      if (planned - from >= LEAST * step.toNanos()) {
        steps.add(run(plan.rates().get(i), from, Duration.ofNanos(planned - from)));
      }
    }
  }

  /** Searches at a rate, and waits for the last answer. */
  private Step run(double rate, long startNanos, Duration time) {
    Tally all = new Tally();
    Map<SearchKind, Tally> kinds = new EnumMap<>(SearchKind.class);
    plan.kinds().forEach(share -> kinds.put(share.kind(), new Tally()));
    AtomicLong lastAnswer = new AtomicLong(startNanos);
    List<CompletableFuture<?>> answers = new ArrayList<>();
    OpenLoop.run(
        rate,
        startNanos,
        time,
        () -> stopped,
        (number, due) -> {
          SearchKind kind = oneOfTheMix();
          answers.add(
              searcher
                  .search(kind)
                  .thenAccept(
                      answer -> {
                        all.add(due, answer);
                        kinds.get(kind).add(due, answer);
                        lastAnswer.accumulateAndGet(System.nanoTime(), Math::max);
                      }));
        });
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    double seconds = time.toNanos() / 1e9;
    double untilAnswered = Math.max(seconds, (lastAnswer.get() - startNanos) / 1e9);
    Map<String, Figures> figures = new LinkedHashMap<>();
    kinds.forEach((kind, tally) -> figures.put(kind.inFile(), tally.figures(untilAnswered)));
    return new Step(rate, Tally.tenth(seconds), all.figures(untilAnswered), figures);
  }

  private SearchKind oneOfTheMix() {
    double all = plan.kinds().stream().mapToDouble(Share::weight).sum();
    double drawn = random.nextDouble() * all;
    for (Share share : plan.kinds()) {
      drawn -= share.weight();
      if (drawn < 0) {
        return share.kind();
      }
    }
    return plan.kinds().get(0).kind();
  }

  /**
   * Waits for the last answer, compares some searches with exact ones, and returns what was
   * measured.
   */
  public Searches finish() {
    done.join();
    List<Recall> recall = new ArrayList<>();
    String problem = null;
    if (plan.recall() != null) {
      try {
        recall.addAll(recall());
        problem = recall.isEmpty() ? "there is nothing to compare" : null;
      } catch (StoreException e) {
        problem = e.getMessage();
      }
    }
    return new Searches(
        store.countProducts(),
        plan.p99() == null ? null : (double) plan.p99().toMillis(),
        plan.upTo(),
        plan.recall(),
        steps,
        recall,
        problem);
  }

  private List<Recall> recall() {
    searcher.readVectors();
    List<Recall> measured = new ArrayList<>();
    for (Share share : plan.kinds()) {
      double recall = searcher.recall(share.kind(), COMPARED);
      if (!Double.isNaN(recall)) {
        measured.add(
            new Recall(
                share.kind().inFile(),
                COMPARED,
                Searcher.LIMIT,
                Math.round(recall * 10_000) / 10_000.0));
      }
    }
    return measured;
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
    askers.shutdownNow();
    store.close();
  }
}
