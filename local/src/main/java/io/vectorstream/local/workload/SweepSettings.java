package io.vectorstream.local.workload;

import static io.vectorstream.local.workload.Workload.FROM_TO;
import static io.vectorstream.local.workload.Workload.MOST_CORES;
import static io.vectorstream.local.workload.Workload.MOST_PARTITIONS;
import static io.vectorstream.local.workload.Workload.ONE_OR_MORE;

import io.vectorstream.config.PositiveDuration;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;

/**
 * The part of a workload about a sweep: the rate, until the highest is found that holds, and then
 * one parameter after the other, with the others as in the workload.
 *
 * @param warmup how long a first run lasts whose figures are discarded, because it warms up the JVM
 * @param tolerance how close the highest rate that held and the lowest that did not have to come,
 *     as a share: 0.1 is 10%
 * @param rates rates to try at most
 * @param confirm how long the highest rate that held has to hold once more
 * @param products numbers of products
 * @param partitions numbers of partitions of the topic
 * @param trigger times between two micro-batches
 * @param cores that Spark and the model may use; numbers above the machine's are left out
 */
public record SweepSettings(
    @NotNull @PositiveDuration Duration warmup,
    @NotNull
        @DecimalMin(value = "0.01", message = TOLERANCE)
        @DecimalMax(value = "1", message = TOLERANCE)
        Double tolerance,
    @NotNull @Range(min = 1, max = 50, message = FROM_TO) Integer rates,
    @NotNull @PositiveDuration Duration confirm,
    List<@Min(value = 1, message = ONE_OR_MORE) Integer> products,
    List<@Range(min = 1, max = MOST_PARTITIONS, message = FROM_TO) Integer> partitions,
    List<@PositiveDuration Duration> trigger,
    List<@Range(min = 1, max = MOST_CORES, message = FROM_TO) Integer> cores) {

  private static final String TOLERANCE = "must be from 0.01 to 1";
}
