package io.vectorstream.store;

import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.util.List;
import java.util.function.Function;

/**
 * A rotation through the points that fulfil a condition, some at a time. It begins again after the
 * last one, so each has its turn, even if earlier ones fulfil the condition again at once.
 */
public final class Rotation<T> {

  private final VectorStore store;
  private final ScrollPoints request;
  private final Function<RetrievedPoint, T> read;
  private PointId from;
  private PointId next;

  Rotation(VectorStore store, ScrollPoints request, Function<RetrievedPoint, T> read) {
    this.store = store;
    this.request = request;
    this.read = read;
  }

  /** Returns the next points; none only if no point at all fulfils the condition. */
  public List<T> next(int limit) {
    from = next;
    ScrollResponse page = page(limit);
    if (page.getResultCount() == 0 && from != null) {
      from = null;
      page = page(limit);
    }
    next = page.hasNextPageOffset() ? page.getNextPageOffset() : null;
    return page.getResultList().stream().map(read).toList();
  }

  /** Goes back, so that the next points are those that were returned last. */
  public void repeat() {
    next = from;
  }

  private ScrollResponse page(int limit) {
    ScrollPoints.Builder page = request.toBuilder().setLimit(limit);
    if (from != null) {
      page.setOffset(from);
    }
    return store.ask(client -> client.scrollAsync(page.build()));
  }
}
