package io.vectorstream.store;

import java.io.Serializable;
import java.util.Set;
import java.util.UUID;

/**
 * The users who are forgotten, or are just being forgotten, by their points: their ids are kept
 * nowhere.
 */
public record ForgottenUsers(Set<UUID> points) implements Serializable {

  /** Nobody is. */
  public static final ForgottenUsers NONE = new ForgottenUsers(Set.of());

  public ForgottenUsers {
    points = Set.copyOf(points);
  }

  public boolean isEmpty() {
    return points.isEmpty();
  }

  /** Whether the user with this id is. */
  public boolean contains(String userId) {
    return !points.isEmpty() && points.contains(PointIds.userUuid(userId));
  }
}
