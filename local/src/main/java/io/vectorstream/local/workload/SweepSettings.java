package io.vectorstream.local.workload;

import java.time.Duration;
import java.util.List;

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
 * @param triggers times between two micro-batches
 * @param cores that Spark and the model may use; numbers above the machine's are left out
 */
public record SweepSettings(
    Duration warmup,
    double tolerance,
    int rates,
    Duration confirm,
    List<Integer> products,
    List<Integer> partitions,
    List<Duration> triggers,
    List<Integer> cores) {}
