package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.util.Utils;

/**
 * The address of a Spark that runs in this process alone. It talks to nobody but itself, so it is
 * on the loopback: nobody else reaches it, and it does not matter what this machine is called, nor
 * whether that name leads anywhere.
 */
final class LocalHost {
  private static final String ADDRESS = "127.0.0.1";
  private static final String HOST = "spark.driver.host";
  private static final String BIND_ADDRESS = "spark.driver.bindAddress";

  private LocalHost() {}

  /**
   * Call before Spark's settings are read for the first time: reading them looks up the name of
   * this machine.
   *
   * @throws PipelineException if others have to reach this process, and the name of its machine
   *     leads to no address
   */
  static void prepare(Settings.Spark spark) {
    if (isNamedByUser()) {
      return;
    }
    if (isInThisProcess(spark)) {
      Utils.setCustomHostname(ADDRESS);
      return;
    }
    try {
      InetAddress.getLocalHost();
    } catch (UnknownHostException e) {
      throw new PipelineException(
          "the name of this machine leads to no address (%s), and Spark's executors need one; set SPARK_LOCAL_IP to the address of this machine, or add its name to /etc/hosts"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** What Spark has to be told; nothing where others are to reach it, or the user has said. */
  static Map<String, String> settings(Settings.Spark spark) {
    return isInThisProcess(spark)
            && !isNamedByUser()
            && Stream.of(HOST, BIND_ADDRESS).noneMatch(name -> isGiven(name, spark))
        ? Map.of(HOST, ADDRESS, BIND_ADDRESS, ADDRESS)
        : Map.of();
  }

  private static boolean isNamedByUser() {
    return System.getenv("SPARK_LOCAL_IP") != null || System.getenv("SPARK_LOCAL_HOSTNAME") != null;
  }

  /** {@code spark-submit} hands over what it was told in system properties. */
  private static boolean isInThisProcess(Settings.Spark spark) {
    String master = System.getProperty("spark.master", spark.master());
    return master.equals("local") || master.startsWith("local[");
  }

  private static boolean isGiven(String setting, Settings.Spark spark) {
    return System.getProperty(setting) != null || spark.properties().containsKey(setting);
  }
}
