package io.vectorstream.generator;

import java.time.Duration;

/**
 * The behaviour of the shoppers, and the faults on the way.
 *
 * @param users shoppers in all, from 1
 * @param zipfExponent how much more popular the popular products and queries are; 0: all the same
 * @param activityExponent the same for how active the users are
 * @param concurrentSessions sessions that are under way at a time, from 1; at most one a user
 * @param funnel the odds of a session's steps
 * @param malformedShare share of the records that break the event format, 0 to 1
 * @param duplicateShare share of the records that repeat a recent event
 * @param lateShare share of the records that are events from the past
 * @param maxLateness how far in the past at most, from 1 ms
 * @param changingShare share of the events that describe their product as no other event does:
 *     "Only 3 left"
 * @param habits of the shoppers beside their tastes
 */
public record ShopperSettings(
    int users,
    double zipfExponent,
    double activityExponent,
    int concurrentSessions,
    FunnelOdds funnel,
    double malformedShare,
    double duplicateShare,
    double lateShare,
    Duration maxLateness,
    double changingShare,
    Habits habits) {

  public ShopperSettings {
    atLeastOne("users", users);
    atLeastOne("concurrentSessions", concurrentSessions);
    exponent("zipfExponent", zipfExponent);
    exponent("activityExponent", activityExponent);
    FunnelOdds.share("malformedShare", malformedShare);
    FunnelOdds.share("duplicateShare", duplicateShare);
    FunnelOdds.share("lateShare", lateShare);
    FunnelOdds.share("changingShare", changingShare);
    if (malformedShare + duplicateShare + lateShare > 1) {
      throw new IllegalArgumentException(
          "the shares of malformed, duplicated and late events must add up to 1 at most");
    }
    if (maxLateness.toMillis() < 1) {
      throw new IllegalArgumentException("maxLateness must be 1ms or more");
    }
  }

  /** Returns 10,000 users, Zipf's law with exponent 1, and no faults. */
  public static ShopperSettings defaults() {
    return new ShopperSettings(
        10_000, 1.0, 0.5, 500, FunnelOdds.defaults(), 0, 0, 0, Duration.ofHours(6), 0, Habits.NONE);
  }

  public ShopperSettings withUsers(int value) {
    return new ShopperSettings(
        value,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withZipfExponent(double value) {
    return new ShopperSettings(
        users,
        value,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withActivityExponent(double value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        value,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withConcurrentSessions(int value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        value,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withFunnel(FunnelOdds value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        value,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withMalformedShare(double value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        value,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withDuplicateShare(double value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        value,
        lateShare,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withLateShare(double value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        value,
        maxLateness,
        changingShare,
        habits);
  }

  public ShopperSettings withMaxLateness(Duration value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        value,
        changingShare,
        habits);
  }

  public ShopperSettings withChangingShare(double value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        value,
        habits);
  }

  public ShopperSettings withHabits(Habits value) {
    return new ShopperSettings(
        users,
        zipfExponent,
        activityExponent,
        concurrentSessions,
        funnel,
        malformedShare,
        duplicateShare,
        lateShare,
        maxLateness,
        changingShare,
        value);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more, but is " + value);
    }
  }

  private static void exponent(String name, double value) {
    if (!(value >= 0 && value <= 10)) {
      throw new IllegalArgumentException(name + " must be from 0 to 10, but is " + value);
    }
  }
}
