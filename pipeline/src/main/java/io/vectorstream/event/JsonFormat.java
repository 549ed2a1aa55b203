package io.vectorstream.event;

import com.fasterxml.jackson.databind.JsonNode;

/** The format of values that are JSON in UTF-8 as they are. */
public final class JsonFormat implements RecordFormat {

  private static final long serialVersionUID = 1L;

  @Override
  public JsonNode read(IncomingRecord record) throws BrokenRecordException {
    return JsonFields.tree(StrictEventParser.text(record.value()));
  }
}
