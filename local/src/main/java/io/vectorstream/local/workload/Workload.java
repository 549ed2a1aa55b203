package io.vectorstream.local.workload;

import io.vectorstream.config.PositiveDuration;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.local.phase.Phase;
import io.vectorstream.local.probe.FreshPlan;
import io.vectorstream.local.probe.SearchPlan;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Preload;
import io.vectorstream.local.run.Rate;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.validator.constraints.Range;

/**
 * The load of a measured run, and its targets. Values that are null are left to another workload:
 * {@link #over} fills them in.
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
 * @param shape of the records; one that needs a mapping sets {@code kafka.mapping}
 * @param format in which events are sent
 * @param seed the same one gives the same events
 * @param partitions of the topic: the setting {@code kafka.partitions}
 * @param trigger the setting {@code stream.trigger}
 * @param cores of the machine that Spark and the model may use
 * @param sweep the parameters to vary, run by run
 * @param preload what of the catalogue is stored before the first event
 * @param fresh how soon actions have to be seen; without it, that is not measured
 * @param searches those beside the load
 * @param phases parts of the load, one after another; they decide the rate and the duration
 */
public record Workload(
    @NotBlank(message = WORDS) String name,
    @Pattern(regexp = "(?s).*\\S.*", message = WORDS) String description,
    Rate rate,
    @PositiveDuration Duration duration,
    @PositiveDuration Duration warmup,
    @Positive(message = "must be above 0") @DecimalMax(value = "1e300", message = "must be finite")
        Double minRate,
    @Min(value = 1, message = ONE_OR_MORE) Integer products,
    @Min(value = 1, message = ONE_OR_MORE) Integer users,
    @Range(max = 10, message = FROM_TO) Double skew,
    @Range(max = 1, message = FROM_TO) Double malformed,
    @Range(max = 1, message = FROM_TO) Double duplicates,
    @Range(max = 1, message = FROM_TO) Double late,
    @Range(max = 1, message = FROM_TO) Double changing,
    RecordShape shape,
    EventFormat format,
    Long seed,
    @Range(min = 1, max = MOST_PARTITIONS, message = FROM_TO) Integer partitions,
    @PositiveDuration Duration trigger,
    @Range(min = 1, max = MOST_CORES, message = FROM_TO) Integer cores,
    @Valid SweepSettings sweep,
    Preload preload,
    @Valid FreshPlan fresh,
    @Valid SearchPlan searches,
    List<@Valid Phase> phases) {

  static final String FROM_TO = "must be from {min} to {max}";
  static final String ONE_OR_MORE = "must be 1 or more";
  static final int MOST_PARTITIONS = 10_000;
  static final int MOST_CORES = 1024;

  private static final String WORDS = "is empty; expected some words";

  /** The workload without any value. */
  public static final Workload NONE =
      new Workload(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null);

  public Workload {
    phases = phases == null ? List.of() : List.copyOf(phases);
    if (!phases.isEmpty()) {
      duration = phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
      rate = new Rate(Math.max(1, phases.stream().mapToDouble(Phase::rate).max().orElseThrow()));
    }
    name = name == null ? null : name.strip();
    description = description == null ? null : description.strip();
  }

  /**
   * Returns the default values. The seed is another one each time: event ids are derived from it,
   * and with a fixed one a second run would send the first one's events.
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
        RecordShape.PLAIN,
        EventFormat.JSON,
        (long) new SecureRandom().nextInt(Integer.MAX_VALUE),
        null,
        null,
        null,
        null,
        Preload.NONE,
        null,
        null,
        null);
  }

  /** Returns a workload with these values only; null values are left open. */
  public static Workload of(
      Rate rate, Duration duration, Duration warmup, Double minRate, Integer products) {
    return new Workload(
        null, null, rate, duration, warmup, minRate, products, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null);
  }

  /** Returns this workload, with the values of the weaker one where it has none. */
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
        first(shape, weaker.shape),
        first(format, weaker.format),
        first(seed, weaker.seed),
        first(partitions, weaker.partitions),
        first(trigger, weaker.trigger),
        first(cores, weaker.cores),
        first(sweep, weaker.sweep),
        first(preload, weaker.preload),
        first(fresh, weaker.fresh),
        first(searches, weaker.searches),
        phases.isEmpty() ? weaker.phases : phases);
  }

  private static <T> T first(T stronger, T weaker) {
    return stronger != null ? stronger : weaker;
  }

  /** Returns the parts of it that are settings of the pipeline, as {@code name=value}. */
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (shape != null && !shape.mapping().isEmpty()) {
      settings.add("kafka.mapping=" + shape.mapping());
    }
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
