package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One of the events that a mapping makes of a record.
 *
 * @param item the part of the record that it is made of, such as {@code items[2]}; empty for the
 *     whole record
 * @param json the event in this project's shape, checked by the rules of contract C1 later; null if
 *     it cannot be made
 * @param keepsId whether it has the same id when the record is sent again
 * @param problem why the event cannot be made; null if it can
 */
public record MappedEvent(
    String item, JsonNode json, boolean keepsId, BrokenRecordException problem) {

  public MappedEvent(String item, JsonNode json, boolean keepsId) {
    this(item, json, keepsId, null);
  }

  public MappedEvent(String item, BrokenRecordException problem) {
    this(item, null, true, problem);
  }
}
