package io.vectorstream.local.evaluate;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.local.run.ThisMachine;
import io.vectorstream.reports.result.EvaluationResult;
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
 * The measurement of recommendations: the pipeline learns from a simulated shop, without each
 * user's last session, and its recommendations are compared with that session. Every product of the
 * catalogue may be recommended, and is ranked; the products are not sampled.
 */
public final class Evaluation {

  private static final int LENGTH = 10;

  private final SimulatedShop shop;
  private final String catalogName;
  private final List<Variant> variants;
  private final Function<List<String>, Settings> settingsOf;
  private final Consumer<String> progress;

  /**
   * @param variants settings to try, at least one; the first is also used for products similar to
   *     the one viewed last
   * @param settingsOf returns the settings, with these, {@code name=value}, on top
   * @param progress receives the progress in a few words
   */
  public Evaluation(
      SimulatedShop shop,
      String catalogName,
      List<Variant> variants,
      Function<List<String>, Settings> settingsOf,
      Consumer<String> progress) {
    this.shop = shop;
    this.catalogName = catalogName;
    this.variants = variants;
    this.settingsOf = settingsOf;
    this.progress = progress;
  }

  /**
   * @throws InterruptedException if the thread is interrupted; nothing is left behind
   * @throws IllegalArgumentException if there are fewer than two users to ask
   */
  public EvaluationResult run() throws InterruptedException {
    progress.accept("simulating the shop");
    List<ShopEvent> events = shop.events();
    LastSessions parts = LastSessions.holdOut(events);
    List<Question> questions = parts.questions();
    if (questions.size() < 2) {
      throw new IllegalArgumentException(
          "fewer than two users have several sessions, with a relevant product in the last; expected more users or sessions");
    }
    progress.accept("loading the model");
    try (TrainedStore trained = new TrainedStore(parts.training(), settingsOf, this::embedded)) {
      List<Line> lines = lines(trained, parts);
      return new EvaluationResult(
          EvaluationResult.SCHEMA,
          ThisMachine.machine(),
          trained.embedding(),
          catalogName,
          shop.catalog().products().size(),
          shop.users(),
          shop.sessionsPerUser(),
          shop.period().toMinutes() / 1440.0,
          shop.seed(),
          events.size(),
          parts.training().size(),
          questions.size(),
          questions.stream().mapToInt(q -> q.relevant().size()).average().orElseThrow(),
          LENGTH,
          lines);
    }
  }

  private List<Line> lines(TrainedStore trained, LastSessions parts) throws InterruptedException {
    List<Question> questions = parts.questions();
    List<Product> catalogue = shop.catalog().products();
    List<Line> lines = new ArrayList<>();
    Scores popularity = score("popularity", Contenders.popularity(parts.training()), questions);
    personal(trained, questions, popularity, lines);

    Variant first = variants.get(0);
    Recommender recommender = trained.recommender(first.recommend());
    Map<String, Contender> others = new LinkedHashMap<>();
    others.put("like last viewed", Contenders.likeLastViewed(recommender, first.diversity()));
    others.put("trending", Contenders.trending(recommender));
    others.put(
        "random", Contenders.random(catalogue.stream().map(Product::id).toList(), shop.seed()));
    others.put("tastes known", new KnownTastes(catalogue, parts.training(), shop.tastes()));
    lines.add(line("popularity", null, popularity, null));
    for (Map.Entry<String, Contender> other : others.entrySet()) {
      Scores scores = score(other.getKey(), other.getValue(), questions);
      lines.add(line(other.getKey(), null, scores, popularity));
    }
    return lines;
  }

  private void embedded(int texts, int ofAll) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    progress.accept("embedding texts: %,d of %,d".formatted(texts, ofAll));
  }

  private void personal(
      TrainedStore trained, List<Question> questions, Scores popularity, List<Line> lines)
      throws InterruptedException {
    Settings.Interest given = trained.settings().interest();
    Variant stored = null;
    for (Variant variant : variants) {
      if (!variant.hasSameInterest(stored)) {
        trained.storeUsers(variant.interest(given));
        stored = variant;
      }
      Scores scores =
          score(
              "personal, " + EvaluationTable.inWords(variant.inResult()),
              Contenders.personal(trained.recommender(variant.recommend()), variant.diversity()),
              questions);
      lines.add(line("personal", variant, scores, popularity));
    }
  }

  private Scores score(String name, Contender contender, List<Question> questions)
      throws InterruptedException {
    progress.accept("asking for " + name);
    return Scores.of(contender, questions, LENGTH);
  }

  private Line line(String name, Variant variant, Scores scores, Scores popularity) {
    return new Line(
        name,
        variant == null ? null : variant.inResult(),
        Estimates.of(scores.hits()),
        Estimates.of(scores.ndcg()),
        scores.hitsOfNew().length < 2 ? null : Estimates.of(scores.hitsOfNew()),
        (double) scores.recommended().size() / shop.catalog().products().size(),
        popularity == null ? null : Estimates.ofDifference(scores.hits(), popularity.hits()),
        popularity == null ? null : Estimates.ofDifference(scores.ndcg(), popularity.ndcg()));
  }
}
