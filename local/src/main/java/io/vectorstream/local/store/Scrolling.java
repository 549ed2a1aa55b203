package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;

/** The reading of points page by page, by id or by a field. */
final class Scrolling {

  private static final int DEFAULT_LIMIT = 10;

  private Scrolling() {}

  static ScrollResponse.Builder scroll(StoredCollection collection, ScrollPoints request) {
    int limit = request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT;
    if (limit == 0) {
      throw Refusal.invalid(
          "Validation error in body: [limit: value 0 invalid, must be 1 or larger]");
    }
    long most = Integer.toUnsignedLong(limit);
    StrictMode.of(collection).checkRead(request.getFilter());
    Selection selection = Selection.of(collection, request.getFilter());
    AnswerPoints answer =
        new AnswerPoints(
            collection,
            PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), true),
            request.getWithVectors());
    ScrollResponse.Builder page = ScrollResponse.newBuilder();
    if (request.hasOrderBy()) {
      if (request.hasOffset()) {
        throw Refusal.wrongInput(
            "Cannot use an `offset` when using `order_by`. The alternative for paging is to use"
                + " `order_by.start_from` and a filter to exclude the IDs that you've already seen"
                + " for the `order_by.start_from` value");
      }
      for (Ordering.Ordered hit :
          Ordering.of(collection, request.getOrderBy()).first(selection, most)) {
        RetrievedPoint point = answer.retrieved(hit.point());
        page.addResult(point.toBuilder().setOrderValue(hit.value()));
      }
      return page;
    }
    selection.forEach(
        request.hasOffset() ? PointKey.of(request.getOffset()) : null,
        point -> {
          if (page.getResultCount() == most) {
            page.setNextPageOffset(point.key().toPointId());
            return false;
          }
          page.addResult(answer.retrieved(point));
          return true;
        });
    return page;
  }
}
