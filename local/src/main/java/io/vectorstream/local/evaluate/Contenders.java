package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The ways to recommend that are compared, but for those with a class of their own. */
final class Contenders {

  private Contenders() {}

  /** Returns recommendations by the user's interest, as the commands and the API give them. */
  static Contender personal(Recommender recommender, double diversity, boolean seenAgain) {
    return (question, limit) ->
        recommender
            .forUser(question.userId(), SearchFilter.NONE, limit, diversity, seenAgain)
            .products()
            .stream()
            .map(ProductHit::id)
            .toList();
  }

  /** Returns recommendations similar to the product that the user wanted last. */
  static Contender likeLast(Recommender recommender, double diversity) {
    return (question, limit) ->
        question.last() == null
            ? List.of()
            : allowed(
                question,
                recommender.forProduct(
                    question.last(), SearchFilter.NONE, most(question, limit), diversity),
                limit);
  }

  /** Returns the latest trending products, the same for every user. */
  static Contender trending(Recommender recommender) {
    return (question, limit) ->
        allowed(question, recommender.trending(SearchFilter.NONE, most(question, limit)), limit);
  }

  /** Returns the products with the most events, the same for every user. */
  static Contender popularity(List<ShopEvent> training) {
    Map<String, Integer> events = new TreeMap<>();
    training.stream()
        .filter(event -> event.product() != null)
        .forEach(event -> events.merge(event.product().id(), 1, Integer::sum));
    List<String> mostFirst =
        events.keySet().stream().sorted(Comparator.comparing(events::get).reversed()).toList();
    return (question, limit) -> question.allowed(mostFirst, limit);
  }

  /** Returns random products of the catalogue, others for each user. */
  static Contender random(List<String> catalogue, long seed) {
    Random random = new Random(seed);
    return (question, limit) -> {
      List<String> shuffled = new ArrayList<>(catalogue);
      Collections.shuffle(shuffled, random);
      return question.allowed(shuffled, limit);
    };
  }

  /** Returns how many products have to be asked for, so that enough are left. */
  private static int most(Question question, int limit) {
    return limit + question.excluded().size();
  }

  private static List<String> allowed(Question question, List<ProductHit> hits, int limit) {
    return question.allowed(hits.stream().map(ProductHit::id).toList(), limit);
  }
}
