package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/** Spark's list of plugins, to which several classes add entries. */
final class SparkPlugins {

  static final String SETTING = "spark.plugins";

  private SparkPlugins() {}

  /** Returns the plugins that the settings name, or else spark-submit. */
  static String given(Settings.Spark spark) {
    return spark.properties().getOrDefault(SETTING, new SparkConf().get(SETTING, ""));
  }

  /** Returns the list with one more plugin, unless it contains it. */
  static String with(String others, String plugin) {
    return Stream.concat(Stream.of(others.split(",")).map(String::strip), Stream.of(plugin))
        .filter(name -> !name.isEmpty())
        .distinct()
        .collect(Collectors.joining(","));
  }
}
