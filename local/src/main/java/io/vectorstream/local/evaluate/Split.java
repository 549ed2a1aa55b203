package io.vectorstream.local.evaluate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Events in two parts: some are held out, all others may be learnt from.
 *
 * <p>Relevant is each product that the user viewed, wished for, put in the cart or bought in the
 * part held out, and had done nothing with before. A search is about words and makes nothing
 * relevant; the product that was clicked in its results is viewed next. Where products may be seen
 * again, those that the user had seen, but not bought before are relevant, too: users come back to
 * them, and a reminder of them is a good recommendation.
 *
 * <p>Users without a relevant product are left out. Unless all events from one time on are held
 * out, others may have shopped later than a user's held-out events, and what they did is learnt
 * from. It is the same for all contenders.
 *
 * @param training the events that may be learnt from, in their order
 * @param questions one a user, in the order of their first event held out
 */
record Split(List<ShopEvent> training, List<Question> questions) {

  /**
   * @param events in the order of their times, none of them of a forgotten user
   * @param seenAgain whether products that a user has seen may be recommended
   */
  static Split of(List<ShopEvent> events, HoldOut rule, boolean seenAgain) {
    Set<ShopEvent> heldOut = rule.of(events);
    List<ShopEvent> training = events.stream().filter(one -> !heldOut.contains(one)).toList();
    Map<String, List<ShopEvent>> before = training.stream().collect(groupingBy(ShopEvent::userId));
    List<Question> questions = new ArrayList<>();
    events.stream()
        .filter(heldOut::contains)
        .collect(groupingBy(ShopEvent::userId, LinkedHashMap::new, toList()))
        .forEach(
            (user, after) -> {
              Question question =
                  question(user, before.getOrDefault(user, List.of()), after, seenAgain);
              if (!question.relevant().isEmpty()) {
                questions.add(question);
              }
            });
    return new Split(training, questions);
  }

  /** Returns the same with at most so many of the questions, chosen by chance. */
  Split withQuestionsAtMost(int most, long seed) {
    if (questions.size() <= most) {
      return this;
    }
    List<Question> shuffled = new ArrayList<>(questions);
    Collections.shuffle(shuffled, new Random(seed));
    Set<Question> chosen = new HashSet<>(shuffled.subList(0, most));
    return new Split(training, questions.stream().filter(chosen::contains).toList());
  }

  private static Question question(
      String user, List<ShopEvent> before, List<ShopEvent> after, boolean seenAgain) {
    Set<String> known = new LinkedHashSet<>();
    Set<String> bought = new HashSet<>();
    String last = null;
    for (ShopEvent event : before) {
      if (event.product() != null) {
        known.add(event.product().id());
      }
      if (event.type() == EventType.PURCHASE) {
        bought.add(event.product().id());
      }
      if (isWanted(event.type())) {
        last = event.product().id();
      }
    }
    Set<String> excluded = seenAgain ? bought : known;
    Set<String> relevant = new LinkedHashSet<>();
    for (ShopEvent event : after) {
      if (isWanted(event.type()) && !excluded.contains(event.product().id())) {
        relevant.add(event.product().id());
      }
    }
    return new Question(user, relevant, known, excluded, last, before.size());
  }

  /** Returns whether an event of this type says that its user wants its product. */
  static boolean isWanted(EventType type) {
    return switch (type) {
      case VIEW, WISHLIST_ADD, ADD_TO_CART, PURCHASE -> true;
      case REMOVE_FROM_CART, SEARCH -> false;
    };
  }
}
