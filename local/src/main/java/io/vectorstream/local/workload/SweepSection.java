package io.vectorstream.local.workload;

import java.time.Duration;
import java.util.List;

/**
 * What a sweep varies: the rate, until the highest is found that holds, and then one thing after
 * the other, each with the rest as the workload has it.
 *
 * @param warmup how long a first run lasts whose figures are thrown away: it is the JVM's
 * @param tolerance how close the highest rate that held and the lowest that did not have to come,
 *     as a share: 0.1 is 10%
 * @param rates rates to try at most
 * @param confirm how long the highest rate that held has to hold once more
 * @param products numbers of products
 * @param partitions numbers of partitions of the topic
 * @param triggers times between two micro-batches
 * @param cores what Spark and the model may use; more than the machine has is left out
 */
public record SweepSection(
    Duration warmup,
    double tolerance,
    int rates,
    Duration confirm,
    List<Integer> products,
    List<Integer> partitions,
    List<Duration> triggers,
    List<Integer> cores) {}
