package io.vectorstream.event;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The headers of a dead letter (contract C4), all of them text in UTF-8. They follow the record's
 * own headers, which may have the same names: the last header of a name is the pipeline's.
 */
final class DeadLetterHeaders {
  /** A code of {@link Reason}. */
  static final String REASON = "reason";

  /** One sentence. */
  static final String DETAIL = "detail";

  /** The topic of the record; the next two are its partition and offset. */
  static final String TOPIC = "topic";

  static final String PARTITION = "partition";
  static final String OFFSET = "offset";

  /** The record's Kafka timestamp, ISO-8601. */
  static final String TIMESTAMP = "timestamp";

  /** The time at which the pipeline made the record a dead letter, ISO-8601. */
  static final String FAILED_AT = "failed_at";

  private static final List<String> ALL =
      List.of(REASON, DETAIL, TOPIC, PARTITION, OFFSET, TIMESTAMP, FAILED_AT);

  private DeadLetterHeaders() {}

  /**
   * Returns the headers that the record had before it became a dead letter, in their order. If a
   * header of the pipeline's is missing, another program wrote the record: all headers are its own.
   */
  static List<Header> own(Headers headers) {
    List<Header> own = new ArrayList<>(List.of(headers.toArray()));
    if (ALL.stream().allMatch(name -> headers.lastHeader(name) != null)) {
      for (String name : ALL) {
        own.remove(last(own, name));
      }
    }
    return List.copyOf(own);
  }

  private static int last(List<Header> headers, String name) {
    int place = headers.size() - 1;
    while (!headers.get(place).key().equals(name)) {
      place--;
    }
    return place;
  }
}
