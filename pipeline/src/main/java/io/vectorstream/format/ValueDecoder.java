package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Registry;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.Reason;
import io.vectorstream.event.ValueStart;
import io.vectorstream.process.Printable;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The decoder of records' values into JSON. Each value says itself what it is: one that is
 * compressed by gzip, one behind a schema registry's frame (Avro, Protobuf, JSON Schema), a
 * CloudEvent, or JSON. They may be within each other: gzip outermost, then a CloudEvent, then a
 * frame. Any number of threads may use it.
 */
public final class ValueDecoder {

  private static final Set<String> KNOWN_ENCODINGS = Set.of("", "gzip", "x-gzip", "identity");

  /** The most characters of a header that a message quotes. */
  private static final int LONGEST_NAME = 80;

  private final SchemaRegistry registry;
  private final CloudEvents cloudEvents;

  /**
   * @param registry the registry of schemas; one without an address stands for none
   */
  public ValueDecoder(Registry registry) {
    this.registry = registry.exists() ? new SchemaRegistry(registry) : null;
    this.cloudEvents = new CloudEvents(this::plain);
  }

  /**
   * Checks that the registry answers, if there is one.
   *
   * @throws RegistryException if it does not
   */
  public void check() {
    if (registry != null) {
      registry.check();
    }
  }

  /**
   * Returns a record's value as JSON in UTF-8; a value that nothing is known about, as it is.
   *
   * @throws BrokenRecordException if it cannot be decoded, always for the same reason
   * @throws RegistryException if the registry does not answer
   */
  public byte[] decode(byte[] value, Headers headers) throws BrokenRecordException {
    if (value == null) {
      return null;
    }
    try {
      requireKnownEncoding(headers);
      byte[] unpacked = unpacked(value);
      byte[] event = cloudEvents.event(unpacked, headers);
      return event == null ? plain(unpacked) : event;
    } catch (RegistryException e) {
      throw e;
    } catch (RuntimeException e) {
      // One value that a library does not stand must not end all others.
      throw broken("the value cannot be decoded: " + e);
    }
  }

  private static void requireKnownEncoding(Headers headers) throws BrokenRecordException {
    Header header = headers.lastHeader("content-encoding");
    if (header == null || header.value() == null) {
      return;
    }
    String encoding = new String(header.value(), UTF_8).strip();
    if (!KNOWN_ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT))) {
      throw new BrokenRecordException(
          Reason.OTHER_FORMAT,
          "the value is compressed by %s, as its header content-encoding says; expected gzip"
              .formatted(Printable.text(encoding, LONGEST_NAME)));
    }
  }

  /** Returns the JSON of what is in a gzip, or in a frame, or is JSON. */
  private byte[] plain(byte[] value) throws BrokenRecordException {
    byte[] unpacked = unpacked(value);
    if (!ValueStart.isFrame(unpacked)) {
      return unpacked;
    }
    if (registry == null) {
      throw new BrokenRecordException(
          Reason.OTHER_FORMAT,
          ValueStart.framed(unpacked) + ", and none is set; expected kafka.registry.url");
    }
    ByteBuffer frame = ByteBuffer.wrap(unpacked, 1, unpacked.length - 1);
    SchemaDecoder decoder = registry.decoder(frame.getInt());
    return decoder.decode(frame);
  }

  private static byte[] unpacked(byte[] value) throws BrokenRecordException {
    return ValueStart.isGzip(value) ? Gzip.unpack(value) : value;
  }
}
