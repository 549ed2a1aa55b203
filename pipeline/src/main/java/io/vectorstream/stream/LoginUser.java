package io.vectorstream.stream;

import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * The user that Hadoop's file systems act for. Hadoop asks the system for the name, and fails where
 * the process runs as a number that is in no list of users, as containers do.
 */
final class LoginUser {
  private static final String UNKNOWN = "?";

  private LoginUser() {}

  /** Gives this process a name, where the system has none for it. */
  static void ensure() {
    if (System.getProperty("user.name", UNKNOWN).equals(UNKNOWN)) {
      String name =
          Stream.of("HADOOP_USER_NAME", "SPARK_USER", "USER")
              .map(System::getenv)
              .filter(Objects::nonNull)
              .filter(given -> !given.isBlank())
              .findFirst()
              .orElse("vectorstream");
      System.setProperty("user.name", name);
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
    }
  }
}
