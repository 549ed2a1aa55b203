package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.List;

/**
 * The way in which the JSON of a record stands for events of this project's shape (contract C1).
 * Tasks carry it to executors.
 */
public interface RecordMapping extends Serializable {

  /** No mapping: the JSON is one event of this project's shape. */
  RecordMapping NONE = (json, record) -> List.of(new MappedEvent("", json, true));

  /**
   * Returns the events of a record, in an order that is the same each time; none if the record is
   * left out on purpose. The same record gives the same events each time, with the same ids.
   *
   * @throws BrokenRecordException if the record as a whole cannot be mapped: it becomes a dead
   *     letter
   */
  List<MappedEvent> map(JsonNode json, IncomingRecord record) throws BrokenRecordException;
}
