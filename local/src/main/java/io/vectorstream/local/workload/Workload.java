package io.vectorstream.local.workload;

import io.vectorstream.local.run.Rate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent in a measured run, how, and what is asked of it. What is null is left to somebody
 * else: {@link #over} fills it in.
 *
 * @param name as results name it
 * @param description for a reader
 * @param warmup the first part of the duration, which one of the two sustained rates leaves out
 * @param minRate events per second that have to be sustained
 * @param products of the catalogue that is made up
 * @param users shoppers
 * @param skew the exponent of Zipf's law, by which products and queries are popular; 0: all the
 *     same
 * @param malformed share of the records that are broken on purpose, 0 to 1
 * @param duplicates share of the records that repeat an event
 * @param late share of the records that are events from the past
 * @param changing share of the events that describe their product as no other event does
 * @param seed the same one gives the same events
 * @param partitions of the topic: the setting {@code kafka.partitions}
 * @param trigger the setting {@code stream.trigger}
 * @param cores what Spark and the model may use of the machine
 * @param sweep what is varied, run by run
 */
public record Workload(
    String name,
    String description,
    Rate rate,
    Duration duration,
    Duration warmup,
    Double minRate,
    Integer products,
    Integer users,
    Double skew,
    Double malformed,
    Double duplicates,
    Double late,
    Double changing,
    Long seed,
    Integer partitions,
    Duration trigger,
    Integer cores,
    SweepSection sweep) {

  /** Says nothing. */
  public static final Workload NONE =
      new Workload(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null);

  /**
   * What is sent when nobody says otherwise. The seed is another one each time: event ids come from
   * it, and with a fixed one a second run would send the first one's events.
   */
  public static Workload defaults() {
    return new Workload(
        null,
        null,
        null,
        Duration.ofSeconds(60),
        null,
        null,
        2000,
        10_000,
        1.0,
        0.002,
        0.005,
        0.002,
        0.0,
        (long) new SecureRandom().nextInt(Integer.MAX_VALUE),
        null,
        null,
        null,
        null);
  }

  /** Says only this; what is null is left open. */
  public static Workload of(
      Rate rate, Duration duration, Duration warmup, Double minRate, Integer products) {
    return new Workload(
        null, null, rate, duration, warmup, minRate, products, null, null, null, null, null, null,
        null, null, null, null, null);
  }

  /** This one, and where it says nothing, the weaker one. */
  public Workload over(Workload weaker) {
    return new Workload(
        first(name, weaker.name),
        first(description, weaker.description),
        first(rate, weaker.rate),
        first(duration, weaker.duration),
        first(warmup, weaker.warmup),
        first(minRate, weaker.minRate),
        first(products, weaker.products),
        first(users, weaker.users),
        first(skew, weaker.skew),
        first(malformed, weaker.malformed),
        first(duplicates, weaker.duplicates),
        first(late, weaker.late),
        first(changing, weaker.changing),
        first(seed, weaker.seed),
        first(partitions, weaker.partitions),
        first(trigger, weaker.trigger),
        first(cores, weaker.cores),
        first(sweep, weaker.sweep));
  }

  private static <T> T first(T stronger, T weaker) {
    return stronger != null ? stronger : weaker;
  }

  /** What of it is settings of the pipeline, as {@code name=value}. */
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (partitions != null) {
      settings.add("kafka.partitions=" + partitions);
    }
    if (trigger != null) {
      settings.add("stream.trigger=" + trigger.toMillis() + "ms");
    }
    if (cores != null) {
      settings.add("spark.master=local[" + cores + "]");
      settings.add("embedding.threads=" + cores);
    }
    return settings;
  }
}
