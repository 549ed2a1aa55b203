package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** The Spark session of a pipeline. */
final class SparkSessions {

  private SparkSessions() {}

  /** Starts Spark, or joins the Spark that spark-submit has started. */
  static SparkSession start(Settings settings) {
    Settings.Spark spark = settings.spark();
    Map<String, String> config = new HashMap<>(SubmittedSpark.defaults(spark));
    config.put("spark.app.name", spark.appName());
    config.put("spark.sql.session.timeZone", "UTC");
    // A batch's one shuffle has a fixed number of partitions, so there is nothing to adapt.
    config.put("spark.sql.adaptive.enabled", "false");
    config.put(LocalFiles.SETTING, LocalFiles.class.getName());
    String master = SubmittedSpark.master(spark);
    if (!master.isEmpty()) {
      config.put("spark.master", master);
    }
    config.putAll(SparkRedaction.settings(settings));
    config.putAll(Checkpoint.privately(spark));
    config.putAll(spark.properties());
    config.putAll(LocalHost.settings(spark));
    Map<String, String> rapids = RapidsPlugin.settings(spark);
    config.putAll(rapids);
    String plugins = rapids.getOrDefault(SparkPlugins.SETTING, SparkPlugins.given(spark));
    plugins = SparkPlugins.with(plugins, ExecutorReports.class.getName());
    Map<String, String> traces = TaskTraces.settings(settings);
    if (!traces.isEmpty()) {
      config.putAll(traces);
      plugins = SparkPlugins.with(plugins, TaskTraces.class.getName());
    }
    config.put(SparkPlugins.SETTING, plugins);
    if (LocalHost.isAll(spark)) {
      // The session reads these settings.
      LocalHost.Conf conf = new LocalHost.Conf();
      config.forEach(conf::set);
      SparkContext.getOrCreate(conf);
    }
    SparkSession.Builder builder = SparkSession.builder();
    config.forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    SparkRedaction.withdrawFromTasks(session);
    return session;
  }
}
