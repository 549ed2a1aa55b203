package io.vectorstream.event;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;

/** The format of values that are JSON in UTF-8 as they are. */
public final class JsonFormat implements RecordFormat {

  private static final long serialVersionUID = 1L;

  /** Returns the limits of what is read as a tree. */
  public static StreamReadConstraints limits() {
    return JsonFields.TREE_FACTORY.streamReadConstraints();
  }

  @Override
  public JsonNode read(IncomingRecord record) throws BrokenRecordException {
    return tree(record.value());
  }

  /**
   * Returns a value as JSON. A number has all the digits that it is written with.
   *
   * @param value null if there is none
   * @throws BrokenRecordException if it is not JSON in UTF-8, of which there may be one value
   */
  public static JsonNode tree(byte[] value) throws BrokenRecordException {
    return JsonFields.tree(StrictEventParser.text(value));
  }
}
