package io.vectorstream.stream;

import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * The user that Hadoop's file systems act for. Hadoop asks the system for the name, and fails if
 * the process runs under a number without a user name, as containers do.
 */
final class LoginUser {
  private static final String UNKNOWN = "?";

  private LoginUser() {}

  /** Gives this process a user name if the system has none for it. */
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
