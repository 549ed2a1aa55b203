package io.vectorstream.store;

/**
 * The reason why a product is recommended: users who turned to another one turned to it, too.
 *
 * @param productId the other one
 * @param name of the other one; null if it is not to be seen any more
 * @param engagement the most that users did with both: {@code seen}, {@code carted} or {@code
 *     bought}
 */
public record Because(String productId, String name, String engagement) {}
