package io.vectorstream.store;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import io.qdrant.client.grpc.Common.PointId;
import java.util.UUID;

/**
 * Point ids that depend only on the id of the event, product or user, so that writing it twice
 * changes nothing.
 */
public final class PointIds {

  private static final ThreadLocal<NameBasedGenerator> VERSION_5 =
      ThreadLocal.withInitial(
          () -> Generators.nameBasedGenerator(NameBasedGenerator.NAMESPACE_URL));

  /**
   * The scheme by which point ids are derived: the third. The first used version-5 UUIDs as their
   * own point ids, the first and the second also users' UUIDs, see {@link PointIdMigration}.
   */
  public static final int SCHEME = 3;

  /** The index of the version in a UUID's text. */
  private static final int VERSION = 14;

  private static final char NAME_BASED = '5';

  private PointIds() {}

  /**
   * Returns the id itself if it is a UUID as RFC 9562 writes it (lower case, with dashes) of
   * another version than 5, otherwise its version-5 UUID in the URL name space. Any other spelling
   * of a UUID counts as a name, and so does a version-5 UUID, which could be that of another id:
   * two ids never share a point.
   */
  public static UUID uuid(String id) {
    return isItsOwnPoint(id) ? UUID.fromString(id) : VERSION_5.get().generate(id);
  }

  public static PointId point(String id) {
    return PointId.newBuilder().setUuid(text(id)).build();
  }

  /** Returns the same as {@link #uuid}, as text. */
  static String text(String id) {
    return isItsOwnPoint(id) ? id : VERSION_5.get().generate(id).toString();
  }

  /**
   * Returns the point id of a user: always a version-5 UUID, which does not reveal the user's id.
   * It is all that is kept of a user who is forgotten.
   */
  public static PointId user(String userId) {
    return PointId.newBuilder().setUuid(userUuid(userId).toString()).build();
  }

  /** Returns the same as a UUID. */
  public static UUID userUuid(String userId) {
    return VERSION_5.get().generate(userId);
  }

  private static boolean isItsOwnPoint(String id) {
    return isCanonicalUuid(id) && id.charAt(VERSION) != NAME_BASED;
  }

  /**
   * Returns whether an earlier version of this program, which used every canonical UUID as its own
   * point id, has stored this id elsewhere.
   */
  static boolean hasMoved(String id) {
    return isCanonicalUuid(id) && id.charAt(VERSION) == NAME_BASED;
  }

  private static boolean isCanonicalUuid(String id) {
    if (id.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = id.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }
}
