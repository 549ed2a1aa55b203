package io.vectorstream.monitoring;

/**
 * How far the products topic is applied, and what it does.
 *
 * @param waiting records that are not applied yet, when Kafka was asked last
 * @param applied records that this process has stored
 * @param passedOver records of which this process has found a later version stored, or themselves
 * @param deadLettered records that this process has sent to the dead-letter topic
 * @param refused records whose product the store has refused, for what is in it
 * @param hidden products that are stored, but not available
 * @param retired products that are stored, but gone
 */
public record ProductFeedStatus(
    long waiting,
    long applied,
    long passedOver,
    long deadLettered,
    long refused,
    long hidden,
    long retired) {

  public static final ProductFeedStatus NONE = new ProductFeedStatus(0, 0, 0, 0, 0, 0, 0);
}
