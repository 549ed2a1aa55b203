package io.vectorstream.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The reader of a mapping, for tests. */
record MappedRecords(RecordReader reader) {

  /** 2026-11-30T09:20:00Z. */
  static final long RECEIVED_AT_MICROS = 1_796_030_400_000_000L;

  static MappedRecords of(String nameOrFile) {
    return new MappedRecords(new RecordReader(new JsonFormat(), Mappings.read(nameOrFile)));
  }

  /** Returns the reader of a mapping that is written into a file. */
  static MappedRecords of(Path folder, String yaml) {
    try {
      return of(Files.writeString(folder.resolve("mapping.yaml"), yaml).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static IncomingRecord record(long offset, String value, String... headers) {
    return new IncomingRecord(
        "clicks",
        2,
        offset,
        RECEIVED_AT_MICROS,
        "key-1".getBytes(UTF_8),
        value.getBytes(UTF_8),
        java.util.stream.IntStream.range(0, headers.length / 2)
            .mapToObj(
                i -> (Header) new RecordHeader(headers[2 * i], headers[2 * i + 1].getBytes(UTF_8)))
            .toList());
  }

  List<ParsedRecord> read(String value, String... headers) {
    return reader.read(record(7, value, headers));
  }

  List<ShopEvent> events(String value, String... headers) {
    return read(value, headers).stream().map(ParsedRecord::requireEvent).toList();
  }

  ShopEvent event(String value, String... headers) {
    List<ShopEvent> events = events(value, headers);
    if (events.size() != 1) {
      throw new AssertionError("one event was expected: " + events);
    }
    return events.get(0);
  }

  DeadLetter letter(String value) {
    List<ParsedRecord> read = read(value);
    return (DeadLetter) read.get(read.size() - 1);
  }
}
