package io.vectorstream.local.evaluate;

import java.util.Locale;

/** The kinds of users by what is known of them. */
enum UserKind {
  /** Users without an event before. */
  NEW,
  /** Users with fewer than {@value #MANY_EVENTS} events before. */
  FEW,
  /** All others. */
  MANY;

  private static final int MANY_EVENTS = 20;

  static UserKind of(Question question) {
    if (question.eventsBefore() == 0) {
      return NEW;
    }
    return question.eventsBefore() < MANY_EVENTS ? FEW : MANY;
  }

  /** Names it in results: {@code few, 1 to 19 events}. */
  String inWords() {
    return name().toLowerCase(Locale.ROOT)
        + switch (this) {
          case NEW -> ", no events";
          case FEW -> ", 1 to %d events".formatted(MANY_EVENTS - 1);
          case MANY -> ", %d events or more".formatted(MANY_EVENTS);
        };
  }
}
