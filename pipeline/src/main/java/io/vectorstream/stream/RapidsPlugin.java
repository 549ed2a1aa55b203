package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.NvidiaDriver;
import io.vectorstream.event.EventParser;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.util.MutableURLClassLoader;

/**
 * The RAPIDS Accelerator for Apache Spark: a plugin that runs Spark's operators on an NVIDIA GPU.
 * Its jar is not part of the program.
 */
public final class RapidsPlugin {
  private static final String PLUGIN = "com.nvidia.spark.SQLPlugin";

  private RapidsPlugin() {}

  /** Returns the engine that the plans should be made for. */
  public static EventParser.Processor target(Settings settings) {
    return settings.spark().rapids() == Settings.Rapids.OFF
        ? EventParser.Processor.CPU
        : EventParser.Processor.GPU;
  }

  /** Returns the Spark settings for this choice; a user's own setting takes precedence. */
  public static Map<String, String> settings(Settings.Spark spark) {
    if (spark.rapids() == Settings.Rapids.OFF) {
      return Map.of();
    }
    Map<String, String> settings = new LinkedHashMap<>();
    boolean runs = spark.rapids() == Settings.Rapids.ON;
    settings.put("spark.rapids.sql.mode", runs ? "executeOnGPU" : "explainOnly");
    // Otherwise it logs this for every plan, which is several times a batch.
    settings.put("spark.rapids.sql.explain", runs ? "NONE" : "ALL");
    // Off by default because it is not Spark's parser in every detail; see GpuJson.
    settings.put("spark.rapids.sql.expression.JsonToStructs", "true");
    // By default it takes all of the GPU's memory, and the model needs some too.
    settings.put("spark.rapids.memory.gpu.allocFraction", "0.5");
    settings.put("spark.rapids.memory.gpu.maxAllocFraction", "0.5");
    SparkConf submitted = new SparkConf();
    settings.keySet().removeIf(submitted::contains);
    settings.keySet().removeAll(spark.properties().keySet());
    settings.put(SparkPlugins.SETTING, SparkPlugins.with(SparkPlugins.given(spark), PLUGIN));
    return settings;
  }

  /**
   * Lets the plugin load its classes, which lie in folders of its jar, one for each version of
   * Spark. It adds those to a class loader that accepts additions, such as the one of spark-submit.
   * Threads started from here on use that class loader too.
   *
   * @throws PipelineException if the plugin is not there, or has to run here without a GPU's driver
   */
  public static void prepare(Settings.Spark spark) {
    if (spark.rapids() == Settings.Rapids.OFF) {
      return;
    }
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try {
      Class.forName(PLUGIN, false, loader);
    } catch (ClassNotFoundException e) {
      throw new PipelineException(
          "spark.rapids is %s, but the RAPIDS Accelerator is not on the class path: build with 'mvn -Prapids -DskipTests package', or give spark-submit its jar with --jars"
              .formatted(spark.rapids().name().toLowerCase(Locale.ROOT)),
          e);
    }
    requireDriver(spark, NvidiaDriver.missing());
    if (Stream.iterate(loader, Objects::nonNull, ClassLoader::getParent)
        .noneMatch(URLClassLoader.class::isInstance)) {
      thread.setContextClassLoader(new MutableURLClassLoader(new URL[0], loader));
    }
  }

  /**
   * Checks for a driver: without one, the plugin would end this process with only a stack trace in
   * the log.
   *
   * @param missing why this machine can have no GPU; empty if it can
   */
  static void requireDriver(Settings.Spark spark, Optional<String> missing) {
    String master = SubmittedSpark.master(spark);
    if (spark.rapids() == Settings.Rapids.ON && master.startsWith("local") && missing.isPresent()) {
      throw new PipelineException(
          "spark.rapids is on, but %s; expected one where Spark runs in this process (spark.master: %s); spark.rapids: explain needs none"
              .formatted(missing.get(), master));
    }
  }
}
