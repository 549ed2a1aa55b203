package io.vectorstream.local.evaluate;

import java.util.Set;

/**
 * A question for a contender: which products to recommend to a user before the user's last session.
 *
 * @param relevant the right answers, at least one: see {@link LastSessions}
 * @param known the products of the user's earlier events
 * @param bought those of them that the user bought, which no contender recommends
 * @param lastViewed the product that the user viewed last before that session
 */
record Question(
    String userId,
    Set<String> relevant,
    Set<String> known,
    Set<String> bought,
    String lastViewed) {}
