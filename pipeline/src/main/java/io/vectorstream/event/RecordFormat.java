package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;

/** The way in which the bytes of a record stand for JSON. Tasks carry it to executors. */
public interface RecordFormat extends Serializable {

  /**
   * Returns the record's value as JSON. A number has all the digits that it is written with.
   *
   * @throws BrokenRecordException if the record is not in this format: it becomes a dead letter. So
   *     does a record for which any other exception is thrown, except
   * @throws java.io.UncheckedIOException if something that reading needs does not answer: the batch
   *     is tried again
   */
  JsonNode read(IncomingRecord record) throws BrokenRecordException;

  /**
   * Checks that records which are read again within one try of a batch come out as before. Spark
   * does so if an executor is lost, and brings what it reads then together with what other tasks
   * have read, or with sums and dead letters that were taken from the first reading.
   *
   * @throws java.io.UncheckedIOException if they may not: the batch is tried again
   */
  default void requireSameAgain() {}
}
