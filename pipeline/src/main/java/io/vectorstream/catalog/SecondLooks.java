package io.vectorstream.catalog;

import io.vectorstream.shop.CatalogRow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The products that a load has written, each until it is time to check it again. */
final class SecondLooks {
  private final Deque<SecondLook> waiting = new ArrayDeque<>();
  private final Duration after;

  private record SecondLook(CatalogRow row, long dueNanos) {}

  /**
   * @param after how long a product waits
   */
  SecondLooks(Duration after) {
    this.after = after;
  }

  /** Adds products that are written now. */
  void add(List<CatalogRow> rows) {
    long due = System.nanoTime() + after.toNanos();
    rows.forEach(row -> waiting.add(new SecondLook(row, due)));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns how long it takes until all are due; zero or less if they are. */
  Duration untilAllAreDue() {
    return waiting.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(waiting.getLast().dueNanos() - System.nanoTime());
  }

  /** Removes those that are due, up to a number, and returns them. */
  List<CatalogRow> takeDue(int atMost) {
    List<CatalogRow> due = new ArrayList<>();
    while (due.size() < atMost
        && !waiting.isEmpty()
        && waiting.getFirst().dueNanos() - System.nanoTime() <= 0) {
      due.add(waiting.removeFirst().row());
    }
    return due;
  }

  /** Removes all, due or not, and returns them. */
  List<CatalogRow> takeAll() {
    List<CatalogRow> all = waiting.stream().map(SecondLook::row).toList();
    waiting.clear();
    return all;
  }
}
