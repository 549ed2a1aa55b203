package io.vectorstream.fresh;

import io.vectorstream.merge.UserState;
import java.util.Optional;
import java.util.Set;

/**
 * A user with what no batch has merged yet.
 *
 * @param state as the next batch will store it; empty if the stored state is the whole of it
 * @param bought products of purchases that may not be stored yet
 * @param seen products of all events that may not be stored yet
 * @param fresh null if this process does not follow the topic
 */
public record FreshUser(
    Optional<UserState> state, Set<String> bought, Set<String> seen, Freshness fresh) {

  static FreshUser asStored(Freshness fresh) {
    return new FreshUser(Optional.empty(), Set.of(), Set.of(), fresh);
  }
}
