package io.vectorstream.store;

import java.io.Serializable;
import java.util.Set;
import java.util.UUID;

/** The users who are forgotten, or are being forgotten, by their points: their ids are not kept. */
public record ForgottenUsers(Set<UUID> points) implements Serializable {

  /** The set without users. */
  public static final ForgottenUsers NONE = new ForgottenUsers(Set.of());

  public ForgottenUsers {
    points = Set.copyOf(points);
  }

  public boolean isEmpty() {
    return points.isEmpty();
  }

  /** Returns whether the user with this id is forgotten, or is being forgotten. */
  public boolean contains(String userId) {
    return !points.isEmpty() && points.contains(PointIds.userUuid(userId));
  }
}
