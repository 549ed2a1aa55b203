package io.vectorstream.store;

import com.google.common.collect.AbstractIterator;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.util.List;

/** The points that a scroll finds, page by page. A page is requested when the caller wants it. */
final class ScrollPages extends AbstractIterator<List<RetrievedPoint>> {

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
