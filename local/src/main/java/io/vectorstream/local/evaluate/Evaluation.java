package io.vectorstream.local.evaluate;

import io.vectorstream.config.Settings;
import io.vectorstream.local.run.ThisMachine;
import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Estimate;
import io.vectorstream.reports.result.EvaluationResult.Line;
import io.vectorstream.search.Recommender;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The measurement of recommendations: the pipeline learns from the events of a shop without those
 * held out, and its recommendations are compared with them. Every product of the catalogue may be
 * recommended, and is ranked; the products are not sampled.
 */
public final class Evaluation {

  private final EvaluatedShop shop;
  private final Method method;
  private final List<Variant> variants;
  private final Function<List<String>, Settings> settingsOf;
  private final Consumer<String> progress;

  /**
   * The rules of an evaluation.
   *
   * @param length products in each list, from 1
   * @param asked users to ask at most, from 2; chosen by chance
   * @param seenAgain whether products that a user has seen, but not bought, may be recommended
   * @param seed of what is left to chance
   */
  public record Method(HoldOut holdOut, int length, int asked, boolean seenAgain, long seed) {}

  /** The questions, and what the answers are judged by. */
  private record Exam(
      Split parts, Popularities popularities, Scores popularity, Scores neighbours) {}

  /**
   * @param variants settings to try, at least one; the first is also used for the interest alone
   *     and for products similar to one
   * @param settingsOf returns the settings, with these, {@code name=value}, on top
   * @param progress receives the progress in a few words
   */
  public Evaluation(
      EvaluatedShop shop,
      Method method,
      List<Variant> variants,
      Function<List<String>, Settings> settingsOf,
      Consumer<String> progress) {
    this.shop = shop;
    this.method = method;
    this.variants = variants;
    this.settingsOf = settingsOf;
    this.progress = progress;
  }

  /**
   * @throws InterruptedException if the thread is interrupted; nothing is left behind
   * @throws IllegalArgumentException if there are fewer than two users to ask, or nothing to learn
   *     from
   */
  public EvaluationResult run() throws InterruptedException {
    Split parts =
        Split.of(shop.events(), method.holdOut(), method.seenAgain())
            .withQuestionsAtMost(method.asked(), method.seed());
    List<Question> questions = parts.questions();
    if (questions.size() < Estimates.LEAST || parts.training().isEmpty()) {
      throw new IllegalArgumentException(
          "%,d events are held out (%s), with something to be found for %d users, and %,d are left to learn from; expected two users or more, with several sessions each, and events before"
              .formatted(
                  shop.events().size() - parts.training().size(),
                  method.holdOut().inWords(),
                  questions.size(),
                  parts.training().size()));
    }
    progress.accept("loading the model");
    try (TrainedStore trained = new TrainedStore(parts.training(), settingsOf, this::embedded)) {
      List<Line> lines = lines(trained, parts);
      return new EvaluationResult(
          EvaluationResult.SCHEMA,
          ThisMachine.machine(),
          trained.embedding(),
          shop.name(),
          shop.catalogue().size(),
          shop.users(),
          shop.sessionsPerUser(),
          shop.days(),
          method.seed(),
          shop.events().size(),
          parts.training().size(),
          questions.size(),
          questions.stream().mapToInt(q -> q.relevant().size()).average().orElseThrow(),
          method.length(),
          lines,
          shop.simulated(),
          method.holdOut().inWords(),
          method.seenAgain());
    }
  }

  private List<Line> lines(TrainedStore trained, Split parts) throws InterruptedException {
    Popularities popularities = new Popularities(parts.training());
    Exam exam =
        new Exam(
            parts,
            popularities,
            score("popularity", Contenders.popularity(parts.training()), parts, popularities),
            score("item-kNN", new ItemNeighbours(parts.training()), parts, popularities));
    List<Line> lines = new ArrayList<>();
    personal(trained, exam, lines);
    lines.add(line("popularity", null, exam.popularity(), exam));
    lines.add(line("item-kNN", null, exam.neighbours(), exam));

    progress.accept("factorising the matrix of users and products");
    Recommender recommender = trained.recommender(variants.get(0).recommend());
    List<Product> catalogue = shop.catalogue();
    Map<String, Contender> others = new LinkedHashMap<>();
    others.put("matrix factorisation", MatrixFactorisation.of(parts.training(), method.seed()));
    others.put("like the last", Contenders.likeLast(recommender, variants.get(0).diversity()));
    others.put("trending", Contenders.trending(recommender));
    others.put(
        "random", Contenders.random(catalogue.stream().map(Product::id).toList(), method.seed()));
    shop.tastes()
        .ifPresent(
            tastes ->
                others.put("tastes known", new KnownTastes(catalogue, parts.training(), tastes)));
    for (Map.Entry<String, Contender> other : others.entrySet()) {
      Scores scores = score(other.getKey(), other.getValue(), parts, popularities);
      lines.add(line(other.getKey(), null, scores, exam));
    }
    return lines;
  }

  private void embedded(int texts, int ofAll) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    progress.accept("embedding texts: %,d of %,d".formatted(texts, ofAll));
  }

  private void personal(TrainedStore trained, Exam exam, List<Line> lines)
      throws InterruptedException {
    Settings.Interest given = trained.settings().interest();
    Variant stored = null;
    for (Variant variant : variants) {
      if (!variant.hasSameInterest(stored)) {
        trained.storeUsers(variant.interest(given));
        stored = variant;
      }
      lines.add(
          personal(
              "personal",
              "personal, " + EvaluationTable.inWords(variant.inResult()),
              variant,
              trained,
              exam));
    }
    trained.storeUsers(variants.get(0).interest(given));
    Variant alone = variants.get(0).interestAlone();
    lines.add(personal("interest alone", "interest alone", alone, trained, exam));
    Variant pairs = variants.get(0).pairsAlone();
    lines.add(personal("pairs alone", "pairs alone", pairs, trained, exam));
  }

  /**
   * Asks the recommender for users, with one variant's settings.
   *
   * @param name of the line
   * @param asking what is asked for, for the progress
   */
  private Line personal(
      String name, String asking, Variant variant, TrainedStore trained, Exam exam)
      throws InterruptedException {
    Scores scores =
        score(
            asking,
            Contenders.personal(
                trained.recommender(variant.recommend()), variant.diversity(), method.seenAgain()),
            exam.parts(),
            exam.popularities());
    return line(name, variant, scores, exam);
  }

  private Scores score(String name, Contender contender, Split parts, Popularities popularities)
      throws InterruptedException {
    progress.accept("asking for " + name);
    return Scores.of(contender, parts.questions(), method.length(), popularities);
  }

  private Line line(String name, Variant variant, Scores scores, Exam exam) {
    Scores popularity = scores == exam.popularity() ? null : exam.popularity();
    Scores neighbours = scores == exam.neighbours() ? null : exam.neighbours();
    return new Line(
        name,
        variant == null ? null : variant.inResult(),
        Estimates.of(scores.hits()),
        Estimates.of(scores.ndcg()),
        null,
        (double) scores.recommended().size() / shop.catalogue().size(),
        difference(scores, popularity, Scores::hits),
        difference(scores, popularity, Scores::ndcg),
        Estimates.of(scores.reciprocalRanks()),
        scores.novelty().length < Estimates.LEAST ? null : Estimates.of(scores.novelty()),
        difference(scores, neighbours, Scores::hits),
        difference(scores, neighbours, Scores::ndcg),
        scores.byKind(exam.parts().questions()));
  }

  private static Estimate difference(
      Scores scores, Scores others, Function<Scores, double[]> metric) {
    return others == null
        ? null
        : Estimates.ofDifference(metric.apply(scores), metric.apply(others));
  }
}
