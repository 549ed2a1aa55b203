package io.vectorstream.stream;

import com.google.common.io.BaseEncoding;
import io.vectorstream.config.Settings;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;

/**
 * The authentication among the processes of a Spark. A shared secret authenticates every
 * connection, and data on connections and disks is encrypted. On Kubernetes, on YARN and in one
 * process Spark makes that secret itself; a standalone master needs one from the user.
 */
final class SparkAuthentication {
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String SECRET = "spark.authenticate.secret";

  private static final Map<String, String> ENCRYPTION =
      Map.of(
          "spark.network.crypto.enabled",
          "true",
          // With Spark's default, an attacker who does not know the key can change data on its way.
          "spark.network.crypto.cipher",
          "AES/GCM/NoPadding",
          "spark.io.encryption.enabled",
          "true");

  private static final int SECRET_BYTES = 32;

  private SparkAuthentication() {}

  /** Returns the Spark settings to use where the user has not set others. */
  static Map<String, String> defaults(Settings.Spark spark) {
    String master = SubmittedSpark.master(spark);
    Map<String, String> defaults = new HashMap<>();
    if (!SubmittedSpark.isCluster(master)) {
      // Other users of this machine reach the loopback address, too.
      defaults.put(AUTHENTICATE, "true");
    } else if (!spark.allowUnauthenticated()) {
      defaults.put(AUTHENTICATE, "true");
      defaults.putAll(ENCRYPTION);
      if (!spark.secret().isEmpty()) {
        defaults.put(SECRET, spark.secret().value());
      } else if (master.startsWith("local-cluster[")) {
        // Master and workers are parts of this process.
        defaults.put(SECRET, newSecret());
      }
    }
    defaults.keySet().removeIf(isGiven(spark));
    return defaults;
  }

  /**
   * Checks the settings of a cluster.
   *
   * @throws PipelineException if anyone who can connect to the cluster's processes could read their
   *     data, and run programs in them
   */
  static void require(Settings.Spark spark) {
    String master = SubmittedSpark.master(spark);
    if (!SubmittedSpark.isCluster(master) || spark.allowUnauthenticated()) {
      return;
    }
    String authenticates =
        spark.properties().getOrDefault(AUTHENTICATE, new SparkConf().get(AUTHENTICATE, "true"));
    if (!Boolean.parseBoolean(authenticates)) {
      throw new PipelineException(
          "%s is %s with spark.master: %s: whoever reaches Spark's ports could read what it works with, and run programs in it; expected true, or spark.allow_unauthenticated: true where nobody else reaches them"
              .formatted(AUTHENTICATE, authenticates, master));
    }
    if (master.startsWith("spark://") && spark.secret().isEmpty() && !isGiven(spark).test(SECRET)) {
      throw new PipelineException(
          "there is no secret for spark.master: %s; expected spark.secret_file (or spark.secret) with what its master and workers have as %s, or spark.allow_unauthenticated: true where nobody else reaches them"
              .formatted(master, SECRET));
    }
  }

  private static Predicate<String> isGiven(Settings.Spark spark) {
    SparkConf submitted = new SparkConf();
    return name -> submitted.contains(name) || spark.properties().containsKey(name);
  }

  private static String newSecret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return BaseEncoding.base16().lowerCase().encode(secret);
  }
}
