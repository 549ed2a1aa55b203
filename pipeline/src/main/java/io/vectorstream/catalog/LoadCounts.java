package io.vectorstream.catalog;

/**
 * The progress of a load.
 *
 * @param read products read; wrong rows are not among them
 * @param embedded texts embedded
 * @param inserted products that were not stored before
 * @param updated products whose description or embedding was changed
 * @param skipped products that were stored already with the same content or a newer event's
 *     description, and those that the products topic knows
 * @param failed rows that are no product, and products on whose text the model fails
 */
public record LoadCounts(
    long read, long embedded, long inserted, long updated, long skipped, long failed) {}
