package io.vectorstream.store;

import java.util.List;
import java.util.Optional;

/**
 * Some stored states, in the order of their points' ids.
 *
 * @param forgotten the ids of points that stand in the place of forgotten users
 * @param next the id of the first point behind them; empty if there is none
 */
public record StoredPage<T>(List<T> states, List<String> forgotten, Optional<String> next) {}
