package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import org.apache.spark.SparkConf;

/** Where Spark runs. */
final class SparkMaster {
  private SparkMaster() {}

  /**
   * What {@code spark-submit} was told, which always names a master, or else the setting; empty if
   * that is.
   */
  static String of(Settings.Spark spark) {
    return new SparkConf().get("spark.master", spark.master());
  }
}
