package io.vectorstream.local.store;

import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.UpdateMode;
import java.util.List;

/**
 * An upsert with its payloads left encoded.
 *
 * @param waiting true if the caller waits until the points can be found
 * @param updateFilter the default instance when there is none
 */
record UpsertRequest(
    String collection,
    boolean waiting,
    List<RawPoint> points,
    Filter updateFilter,
    UpdateMode mode) {}
