package io.vectorstream.store;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Iterators;
import com.google.common.collect.Streams;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The points that a scroll finds, page by page. A page is requested when the caller wants it. */
final class ScrollPages extends AbstractIterator<List<RetrievedPoint>> {

  /** The number of points among which {@link #largest} looks. */
  static final int LOOKED_THROUGH = 20_000;

  private static final int LARGE_PAGE = 1_000;

  private final VectorStore store;
  private final ScrollPoints.Builder request;
  private boolean last;

  /**
   * @param request with its collection, its limit, and the parts of a point to return
   */
  ScrollPages(VectorStore store, ScrollPoints.Builder request) {
    this.store = store;
    this.request = request;
  }

  /**
   * Returns one page.
   *
   * @param from the id of its first point; empty for the first of all
   */
  static ScrollResponse page(VectorStore store, ScrollPoints.Builder request, String from) {
    if (!from.isEmpty()) {
      request.setOffset(PointId.newBuilder().setUuid(from));
    }
    return store.ask(client -> client.scrollAsync(request.build()));
  }

  /** Returns the id of the first point behind a page; empty if there is none. */
  static Optional<String> next(ScrollResponse page) {
    return page.hasNextPageOffset()
        ? Optional.of(page.getNextPageOffset().getUuid())
        : Optional.empty();
  }

  /** Returns what is the largest by its size, among the first {@value #LOOKED_THROUGH} points. */
  static <T> Optional<T> largest(
      VectorStore store,
      ScrollPoints.Builder request,
      Function<RetrievedPoint, T> read,
      ToLongFunction<T> size) {
    ScrollPages pages = new ScrollPages(store, request.setLimit(LARGE_PAGE));
    return Streams.stream(Iterators.limit(pages, LOOKED_THROUGH / LARGE_PAGE))
        .flatMap(List::stream)
        .map(read)
        .max(Comparator.comparingLong(size));
  }

  @Override
  protected List<RetrievedPoint> computeNext() {
    if (last) {
      return endOfData();
    }
    ScrollResponse page = store.ask(client -> client.scrollAsync(request.build()));
    last = !page.hasNextPageOffset();
    request.setOffset(page.getNextPageOffset());
    return page.getResultList();
  }
}
