package io.vectorstream.monitoring;

/**
 * Sums over all batches that this process committed.
 *
 * @param records records read from Kafka: {@code stored + duplicates + deadLettered}, unless a
 *     mapping makes several events of a record, or leaves some out
 * @param stored events stored for the first time
 * @param duplicates events that were there already
 * @param deadLettered records sent to the dead-letter topic
 */
public record PipelineTotals(long records, long stored, long duplicates, long deadLettered) {

  public static final PipelineTotals NONE = new PipelineTotals(0, 0, 0, 0);

  public PipelineTotals plus(BatchReport batch) {
    return new PipelineTotals(
        records + batch.records(),
        stored + batch.stored(),
        duplicates + batch.duplicates(),
        deadLettered + batch.deadLettered());
  }
}
