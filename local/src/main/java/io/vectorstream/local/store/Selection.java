package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointsSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The points of a collection that a filter lets through. Keyword indexes and ids narrow down where
 * to look; without them every point is looked at.
 */
final class Selection {

  /** An index entry that names more points than this is not worth holding in memory. */
  private static final long MOST_CANDIDATES = 500_000;

  /**
   * The number of points from which on another index narrows them down; fewer are compared one by
   * one, because that index may list half of the collection.
   */
  private static final long FEW_CANDIDATES = 1_000;

  private static final int READ_AT_ONCE = 256;

  private final StoredCollection collection;
  private final PayloadFilter filter;

  private Selection(StoredCollection collection, PayloadFilter filter) {
    this.collection = collection;
    this.filter = filter;
  }

  /**
   * @param filter an empty one lets everything through
   */
  static Selection of(StoredCollection collection, Filter filter) {
    boolean all = filter.equals(Filter.getDefaultInstance());
    return new Selection(collection, all ? null : PayloadFilter.of(filter, collection::hasVector));
  }

  boolean everything() {
    return filter == null;
  }

  boolean matches(StoredPoint point) {
    return filter == null || filter.matches(point);
  }

  long count() {
    if (filter == null) {
      return collection.counters().points();
    }
    if (filter.requirementsOnly()
        && filter.requirements().size() == 1
        && filter.requirements().get(0) instanceof PayloadFilter.HasKeyword keyword
        && keyword.anyOf().size() == 1
        && onDisk(keyword) != null) {
      return KeywordPostings.count(
          collection.database, collection.id, onDisk(keyword).id(), keyword.anyOf().get(0));
    }
    long[] count = {0};
    forEach(
        null,
        point -> {
          count[0]++;
          return true;
        });
    return count[0];
  }

  /** Hands over matching points in the order of their ids until {@code more} answers false. */
  void forEach(PointKey from, Predicate<StoredPoint> more) {
    Set<PointKey> candidates = candidates();
    if (candidates == null) {
      collection.forEach(from, point -> !matches(point) || more.test(point));
      return;
    }
    List<PointKey> sorted =
        candidates.stream()
            .filter(point -> from == null || point.compareTo(from) >= 0)
            .sorted()
            .toList();
    for (int start = 0; start < sorted.size(); start += READ_AT_ONCE) {
      List<PointKey> part = sorted.subList(start, Math.min(start + READ_AT_ONCE, sorted.size()));
      for (StoredPoint point : collection.get(part)) {
        if (point != null && matches(point) && !more.test(point)) {
          return;
        }
      }
    }
  }

  /** Returns points with all matching ones among them, or null when nothing narrows them down. */
  Set<PointKey> candidates() {
    if (filter == null) {
      return null;
    }
    for (PayloadFilter.Requirement requirement : filter.requirements()) {
      Set<PointKey> few = holding(requirement, FEW_CANDIDATES);
      if (few != null) {
        return few;
      }
    }
    Set<PointKey> narrowed = null;
    for (PayloadFilter.Requirement requirement : filter.requirements()) {
      Set<PointKey> holding = holding(requirement, MOST_CANDIDATES);
      if (holding == null) {
        continue;
      }
      if (narrowed == null) {
        narrowed = new HashSet<>(holding);
      } else {
        narrowed.retainAll(holding);
      }
    }
    return narrowed;
  }

  /**
   * Returns the points that meet a requirement; null for more than {@code most}, or without an
   * index.
   */
  private Set<PointKey> holding(PayloadFilter.Requirement requirement, long most) {
    if (requirement instanceof PayloadFilter.HasId ids) {
      return ids.anyOf().size() > most ? null : ids.anyOf();
    }
    PayloadFilter.HasKeyword keyword = (PayloadFilter.HasKeyword) requirement;
    IndexedField index = onDisk(keyword);
    if (index == null) {
      return null;
    }
    Set<PointKey> all = new HashSet<>();
    for (ByteString value : keyword.anyOf()) {
      Set<PointKey> points =
          KeywordPostings.points(
              collection.database, collection.id, index.id(), value, most - all.size());
      if (points == null) {
        return null;
      }
      all.addAll(points);
    }
    return all;
  }

  private IndexedField onDisk(PayloadFilter.HasKeyword keyword) {
    IndexedField index = collection.indexes().get(keyword.field());
    return index != null && index.keptOnDisk() ? index : null;
  }

  /**
   * Returns the ids that a selector names, or those of the points that its filter lets through.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a selector that selects nothing, or
   *     whose filter the collection's strict mode forbids
   */
  static List<PointKey> ids(StoredCollection collection, PointsSelector selector) {
    StrictMode.of(collection).checkSelector(selector);
    return switch (selector.getPointsSelectorOneOfCase()) {
      case POINTS -> selector.getPoints().getIdsList().stream().map(PointKey::of).toList();
      case FILTER -> {
        List<PointKey> found = new ArrayList<>();
        of(collection, selector.getFilter())
            .forEach(
                null,
                point -> {
                  found.add(point.key());
                  return true;
                });
        yield found;
      }
      case POINTSSELECTORONEOF_NOT_SET -> throw Refusal.invalid("PointsSelector is missing");
    };
  }
}
