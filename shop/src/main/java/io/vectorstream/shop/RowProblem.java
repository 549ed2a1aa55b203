package io.vectorstream.shop;

/**
 * A row that is not loaded.
 *
 * @param line of its beginning in the file, from 1
 * @param reason one sentence: what is wrong and what was expected
 */
public record RowProblem(long line, String reason) {}
