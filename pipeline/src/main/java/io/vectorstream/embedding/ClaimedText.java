package io.vectorstream.embedding;

import java.util.concurrent.CompletableFuture;

/** A text that one thread has to compute, and the future that other threads wait for. */
record ClaimedText(TextKey key, String text, CompletableFuture<float[]> vector) {}
