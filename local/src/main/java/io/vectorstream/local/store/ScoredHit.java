package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.OrderValue;

/**
 * A point that a query found.
 *
 * @param order what it was ordered by, null unless the query orders by a field
 */
record ScoredHit(StoredPoint point, float score, OrderValue order) {}
