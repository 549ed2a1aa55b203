package io.vectorstream.catalog;

/**
 * How far a load has come.
 *
 * @param read products read; rows that are none are not among them
 * @param embedded texts embedded
 * @param inserted products that were not stored before
 * @param updated products whose description or embedding was changed
 * @param skipped products that were stored just so, or as a newer event describes them
 * @param failed rows that are no product, and products on whose text the model fails
 */
public record LoadCounts(
    long read, long embedded, long inserted, long updated, long skipped, long failed) {}
