package io.vectorstream.local.evaluate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Events in two parts: each user's last session is held out, all other events may be learnt from.
 *
 * <p>Relevant is each product that the user viewed, wished for, put in the cart or bought in the
 * held-out session, unless the user had bought it before: such a product is never recommended.
 * Products that the user had only viewed before do count: users come back to them, and a reminder
 * of them is a good recommendation. A search is about words and makes nothing relevant; the product
 * that was clicked in its results is viewed next.
 *
 * <p>Users without an earlier session, or without a relevant product, are left out. Other users may
 * have shopped later than the held-out session; their events are learnt from. As tastes and the
 * popularity of products do not change in the course of the stream, this favours no contender.
 *
 * @param training the events that may be learnt from, in their order
 */
record LastSessions(List<ShopEvent> training, List<Question> questions) {

  static LastSessions holdOut(List<ShopEvent> events) {
    Map<String, String> lastSession = new LinkedHashMap<>();
    events.forEach(event -> lastSession.put(event.userId(), event.sessionId()));
    List<ShopEvent> training = new ArrayList<>();
    List<ShopEvent> heldOut = new ArrayList<>();
    for (ShopEvent event : events) {
      boolean last = event.sessionId().equals(lastSession.get(event.userId()));
      (last ? heldOut : training).add(event);
    }
    Map<String, List<ShopEvent>> before = training.stream().collect(groupingBy(ShopEvent::userId));
    List<Question> questions = new ArrayList<>();
    heldOut.stream()
        .collect(groupingBy(ShopEvent::userId, LinkedHashMap::new, toList()))
        .forEach(
            (user, session) -> {
              Question question = question(user, before.getOrDefault(user, List.of()), session);
              if (question.lastViewed() != null && !question.relevant().isEmpty()) {
                questions.add(question);
              }
            });
    return new LastSessions(training, questions);
  }

  private static Question question(String user, List<ShopEvent> before, List<ShopEvent> session) {
    Set<String> known = new HashSet<>();
    Set<String> bought = new HashSet<>();
    String lastViewed = null;
    for (ShopEvent event : before) {
      if (event.product() != null) {
        known.add(event.product().id());
      }
      if (event.type() == EventType.PURCHASE) {
        bought.add(event.product().id());
      }
      if (event.type() == EventType.VIEW) {
        lastViewed = event.product().id();
      }
    }
    Set<String> relevant = new LinkedHashSet<>();
    for (ShopEvent event : session) {
      if (isWanted(event.type()) && !bought.contains(event.product().id())) {
        relevant.add(event.product().id());
      }
    }
    return new Question(user, relevant, known, bought, lastViewed);
  }

  private static boolean isWanted(EventType type) {
    return switch (type) {
      case VIEW, WISHLIST_ADD, ADD_TO_CART, PURCHASE -> true;
      case REMOVE_FROM_CART, SEARCH -> false;
    };
  }
}
