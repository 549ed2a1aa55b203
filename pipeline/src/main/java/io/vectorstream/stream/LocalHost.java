package io.vectorstream.stream;

import io.vectorstream.config.ListenAddress;
import io.vectorstream.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;

/**
 * The address of a Spark that runs on this machine only. Such a Spark uses the loopback address,
 * which no other machine reaches. Then the name of this machine does not matter, nor whether that
 * name resolves, nor the value of {@code SPARK_LOCAL_IP} for other programs.
 */
final class LocalHost {
  static final String ADDRESS = "127.0.0.1";

  private static final String HOST = "spark.driver.host";
  private static final String BIND_ADDRESS = "spark.driver.bindAddress";

  private LocalHost() {}

  /**
   * Prepares Spark's address. Call this before Spark's settings are read for the first time:
   * reading them looks up the name of this machine.
   *
   * @throws PipelineException if other machines have to reach this process, and the name of its
   *     machine does not resolve; or if none has to, and a setting of Spark would allow it
   */
  static void prepare(Settings.Spark spark) {
    if (isAll(spark)) {
      List.of(HOST, BIND_ADDRESS).forEach(name -> requireLoopback(name, spark));
      Utils.setCustomHostname(ADDRESS);
      return;
    }
    if (isNamedByUser()) {
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

  /** Returns the Spark settings that are always set; none if other machines have to reach Spark. */
  static Map<String, String> settings(Settings.Spark spark) {
    return isAll(spark) ? Map.of(HOST, ADDRESS, BIND_ADDRESS, ADDRESS) : Map.of();
  }

  /** Returns whether Spark is on this machine only; {@code spark-submit} may say otherwise. */
  static boolean isAll(Settings.Spark spark) {
    String master = System.getProperty("spark.master", spark.master());
    return master.equals("local")
        || master.startsWith("local[")
        || master.startsWith("local-cluster[");
  }

  private static void requireLoopback(String setting, Settings.Spark spark) {
    String given = spark.properties().getOrDefault(setting, System.getProperty(setting, ADDRESS));
    if (!ListenAddress.isLoopback(given)) {
      throw new PipelineException(
          "%s is %s, where other machines reach it; expected 127.0.0.1, or nothing, with spark.master: %s, which needs no other machine"
              .formatted(setting, given, SubmittedSpark.master(spark)));
    }
  }

  private static boolean isNamedByUser() {
    return System.getenv("SPARK_LOCAL_IP") != null || System.getenv("SPARK_LOCAL_HOSTNAME") != null;
  }

  /**
   * Spark's settings on this machine. Spark's web pages have no setting for their address; they
   * take it from the environment, which these settings return.
   */
  static final class Conf extends SparkConf {
    private static final long serialVersionUID = 1;

    @Override
    public String getenv(String name) {
      return name.equals("SPARK_LOCAL_IP") ? ADDRESS : super.getenv(name);
    }

    /** Returns a copy of the same class, because Spark works with a copy. */
    @Override
    public Conf clone() {
      Conf copy = new Conf();
      for (var setting : getAll()) {
        copy.set(setting._1(), setting._2());
      }
      return copy;
    }
  }
}
