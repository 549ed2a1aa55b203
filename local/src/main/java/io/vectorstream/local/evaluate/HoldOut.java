package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rule by which events are held out: recommendations are compared with them. */
public sealed interface HoldOut {

  /** Returns those of these events, which are in the order of their times, that are held out. */
  Set<ShopEvent> of(List<ShopEvent> events);

  /** Says which events are held out: {@code the last session of each user}. */
  String inWords();

  /**
   * Reads a rule.
   *
   * @param text {@code session}, a share such as {@code 0.1}, or a time such as {@code
   *     2026-01-15T00:00:00Z}
   * @throws IllegalArgumentException if it is none of them
   */
  static HoldOut parse(String text) {
    if (text.equals("session")) {
      return new LastSession();
    }
    try {
      return new LastShare(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      // It may be a time.
    }
    try {
      return new Since(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'%s' does not say what to hold out; expected session, a share of each user's events such as 0.1, or a time such as 2026-01-15T00:00:00Z"
              .formatted(text));
    }
  }

  /** The last session of each user. */
  record LastSession() implements HoldOut {
    @Override
    public Set<ShopEvent> of(List<ShopEvent> events) {
      Map<String, String> last = new HashMap<>();
      events.forEach(event -> last.put(event.userId(), event.sessionId()));
      Set<ShopEvent> heldOut = new HashSet<>();
      for (ShopEvent event : events) {
        if (event.sessionId().equals(last.get(event.userId()))) {
          heldOut.add(event);
        }
      }
      return heldOut;
    }

    @Override
    public String inWords() {
      return "the last session of each user";
    }
  }

  /**
   * The last events of each user who has several, one at least.
   *
   * @param share of the user's events, above 0 and below 1; a part of an event is not held out
   */
  record LastShare(double share) implements HoldOut {
    public LastShare {
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException(
            "the share to hold out is %s, expected more than 0 and less than 1".formatted(share));
      }
    }

    @Override
    public Set<ShopEvent> of(List<ShopEvent> events) {
      Map<String, List<ShopEvent>> byUser = new HashMap<>();
      events.forEach(
          event -> byUser.computeIfAbsent(event.userId(), id -> new ArrayList<>()).add(event));
      Set<ShopEvent> heldOut = new HashSet<>();
      for (List<ShopEvent> all : byUser.values()) {
        if (all.size() > 1) {
          int count = Math.max(1, (int) (all.size() * share));
          heldOut.addAll(all.subList(all.size() - count, all.size()));
        }
      }
      return heldOut;
    }

    @Override
    public String inWords() {
      return String.format(Locale.ROOT, "the last %s %% of each user", Variant.plain(100 * share));
    }
  }

  /**
   * All events from a time on: only this rule keeps what others did later out of what is learnt.
   *
   * @param cut the time
   */
  record Since(Instant cut) implements HoldOut {
    @Override
    public Set<ShopEvent> of(List<ShopEvent> events) {
      long micros = ChronoUnit.MICROS.between(Instant.EPOCH, cut);
      Set<ShopEvent> heldOut = new HashSet<>();
      for (ShopEvent event : events) {
        if (event.countedAtMicros() >= micros) {
          heldOut.add(event);
        }
      }
      return heldOut;
    }

    @Override
    public String inWords() {
      return "all from " + cut + " on";
    }
  }
}
