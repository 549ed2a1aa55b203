package io.vectorstream.local.system;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of a system's records: a text around each event, for systems that do not read events as
 * they are. The event's own bytes stay as they are, broken ones too.
 */
final class RecordText {
  private static final Pattern PART = Pattern.compile("\\$\\{(event_id|event)}");

  /** The texts between the placeholders; null for an event, an empty array for its id. */
  private final List<byte[]> parts = new ArrayList<>();

  private static final byte[] ID = {};

  /**
   * @param form null for the event itself; other placeholders than those of events are filled
   */
  RecordText(String form) {
    if (form == null) {
      parts.add(null);
      return;
    }
    Matcher part = PART.matcher(form.strip());
    int from = 0;
    while (part.find()) {
      addText(form.strip().substring(from, part.start()));
      parts.add(part.group(1).equals("event") ? null : ID);
      from = part.end();
    }
    addText(form.strip().substring(from));
  }

  private void addText(String text) {
    if (!text.isEmpty()) {
      parts.add(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  byte[] of(byte[] event, String eventId) {
    if (parts.size() == 1 && parts.get(0) == null) {
      return event;
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream(event.length + 128);
    for (byte[] part : parts) {
      if (part == null) {
        record.writeBytes(event);
      } else {
        record.writeBytes(part == ID ? eventId.getBytes(StandardCharsets.UTF_8) : part);
      }
    }
    return record.toByteArray();
  }
}
