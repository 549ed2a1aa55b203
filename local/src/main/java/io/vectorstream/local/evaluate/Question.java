package io.vectorstream.local.evaluate;

import java.util.Set;

/**
 * What should have been recommended to a user whose last session nobody has seen yet?
 *
 * @param relevant the right answers, at least one: see {@link LastSessions}
 * @param known the products that the user did anything with before
 * @param bought those of them that the user bought, which nobody recommends
 * @param lastViewed the product that the user viewed last before that session
 */
record Question(
    String userId,
    Set<String> relevant,
    Set<String> known,
    Set<String> bought,
    String lastViewed) {}
