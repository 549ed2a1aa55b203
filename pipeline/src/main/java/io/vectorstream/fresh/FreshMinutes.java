package io.vectorstream.fresh;

import io.vectorstream.merge.MinuteState;
import java.util.Map;

/**
 * Minutes with what no batch has merged yet.
 *
 * @param states by minute; a minute without events is not in the map
 * @param fresh null if this process does not follow the topic
 */
public record FreshMinutes(Map<Long, MinuteState> states, Freshness fresh) {}
