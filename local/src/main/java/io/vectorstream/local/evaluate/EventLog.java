package io.vectorstream.local.evaluate;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.mapping.RecordFile;
import io.vectorstream.mapping.RecordReaders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The events of files, as the pipeline reads and counts them: each once, in the order of their
 * times.
 *
 * @param name of the files, without their folders
 * @param records in the files
 * @param deadLetters records that are no events, or of which a part is none
 * @param duplicates copies of events
 */
public record EventLog(
    String name, List<ShopEvent> events, int records, int deadLetters, int duplicates) {

  /**
   * Reads files.
   *
   * @param settings say the format and the mapping of their records
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if there is no event in them
   */
  public static EventLog read(List<Path> files, Settings.Kafka settings) throws IOException {
    Reading reading = new Reading(RecordReaders.inAnyCase(settings), settings.topic());
    for (Path file : files) {
      reading.add(file);
    }
    String name =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    if (reading.events.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: none of %d records is an event%s; expected events, or --mapping: map --dry-run FILE shows what becomes of records"
              .formatted(
                  name,
                  reading.records,
                  reading.firstLetter == null
                      ? ""
                      : ". The first: " + reading.firstLetter.detail()));
    }
    reading.events.sort(Comparator.comparingLong(ShopEvent::countedAtMicros));
    return new EventLog(
        name, reading.events, reading.records, reading.deadLetters, reading.duplicates);
  }

  private static final class Reading {
    private final RecordReader reader;
    private final String topic;
    private final List<ShopEvent> events = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    private int files;
    private int records;
    private int deadLetters;
    private int duplicates;
    private DeadLetter firstLetter;

    private Reading(RecordReader reader, String topic) {
      this.reader = reader;
      this.topic = topic;
    }

    private void add(Path file) throws IOException {
      int partition = files++;
      new RecordFile(file)
          .forEach(
              Integer.MAX_VALUE,
              (line, value) ->
                  add(new IncomingRecord(topic, partition, line - 1, now, null, value, List.of())));
    }

    private void add(IncomingRecord record) {
      records++;
      for (ParsedRecord read : reader.read(record)) {
        if (read instanceof ShopEvent event) {
          if (ids.add(event.eventId())) {
            events.add(event);
          } else {
            duplicates++;
          }
        } else if (read instanceof DeadLetter letter) {
          deadLetters++;
          firstLetter = firstLetter == null ? letter : firstLetter;
        }
      }
    }
  }
}
