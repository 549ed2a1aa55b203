package io.vectorstream.local.sweep;

import io.vectorstream.local.run.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters in which the runs of a sweep may differ.
 *
 * @param cores that Spark and the model use; 0: as the settings say
 */
public record Configuration(Rate rate, int products, int partitions, Duration trigger, int cores) {

  Configuration withRate(Rate value) {
    return new Configuration(value, products, partitions, trigger, cores);
  }

  Configuration withProducts(int value) {
    return new Configuration(rate, value, partitions, trigger, cores);
  }

  Configuration withPartitions(int value) {
    return new Configuration(rate, products, value, trigger, cores);
  }

  Configuration withTrigger(Duration value) {
    return new Configuration(rate, products, partitions, value, cores);
  }

  Configuration withCores(int value) {
    return new Configuration(rate, products, partitions, trigger, value);
  }

  /** Returns the parts of it that are settings of the pipeline, as {@code name=value}. */
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    settings.add("kafka.partitions=" + partitions);
    settings.add("stream.trigger=" + trigger.toMillis() + "ms");
    if (cores > 0) {
      settings.add("spark.master=local[" + cores + "]");
      settings.add("embedding.threads=" + cores);
    }
    return settings;
  }
}
