package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One of the events that a mapping makes of a record.
 *
 * @param item the part of the record that it is made of, such as {@code items[2]}; empty for the
 *     whole record
 * @param json the event in this project's shape, checked by the rules of contract C1 later; null if
 *     it cannot be made
 * @param problem the reason for that; else null
 */
public record MappedEvent(String item, JsonNode json, BrokenRecordException problem) {

  public MappedEvent(String item, JsonNode json) {
    this(item, json, null);
  }

  public MappedEvent(String item, BrokenRecordException problem) {
    this(item, null, problem);
  }
}
