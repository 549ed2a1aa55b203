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

/** The ways to recommend that are compared. */
final class Contenders {

  private Contenders() {}

  /** Returns recommendations by the user's interest, as the commands and the API give them. */
  static Contender personal(Recommender recommender, double diversity) {
    return (question, limit) ->
        ids(
            recommender
                .forUser(question.userId(), SearchFilter.NONE, limit, diversity, true)
                .products());
  }

  /** Returns recommendations similar to the product that the user viewed last. */
  static Contender likeLastViewed(Recommender recommender, double diversity) {
    return (question, limit) ->
        without(
            question,
            ids(
                recommender.forProduct(
                    question.lastViewed(),
                    SearchFilter.NONE,
                    limit + question.bought().size(),
                    diversity)),
            limit);
  }

  /** Returns the latest trending products, the same for every user. */
  static Contender trending(Recommender recommender) {
    return (question, limit) ->
        without(
            question,
            ids(recommender.trending(SearchFilter.NONE, limit + question.bought().size())),
            limit);
  }

  /** Returns the products with the most events, the same for every user. */
  static Contender popularity(List<ShopEvent> training) {
    Map<String, Integer> events = new TreeMap<>();
    training.stream()
        .filter(event -> event.product() != null)
        .forEach(event -> events.merge(event.product().id(), 1, Integer::sum));
    List<String> mostFirst =
        events.keySet().stream().sorted(Comparator.comparing(events::get).reversed()).toList();
    return (question, limit) -> without(question, mostFirst, limit);
  }

  /** Returns random products of the catalogue, others for each user. */
  static Contender random(List<String> catalogue, long seed) {
    Random random = new Random(seed);
    return (question, limit) -> {
      List<String> shuffled = new ArrayList<>(catalogue);
      Collections.shuffle(shuffled, random);
      return without(question, shuffled, limit);
    };
  }

  private static List<String> without(Question question, List<String> products, int limit) {
    return products.stream()
        .filter(product -> !question.bought().contains(product))
        .limit(limit)
        .toList();
  }

  private static List<String> ids(List<ProductHit> hits) {
    return hits.stream().map(ProductHit::id).toList();
  }
}
