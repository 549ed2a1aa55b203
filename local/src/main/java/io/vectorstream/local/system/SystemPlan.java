package io.vectorstream.local.system;

import io.vectorstream.config.Settings;
import io.vectorstream.local.run.Load;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What each of several systems is measured with.
 *
 * @param settings with the addresses of Kafka and the store
 * @param killAfter when a system is killed, from the first event on; null for never
 * @param work the folder of all runs
 * @param keep whether topics, collections and folders stay
 */
public record SystemPlan(
    Settings settings, Load load, Duration killAfter, Path work, boolean keep) {}
