package io.vectorstream.format;

import io.vectorstream.event.BrokenRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Values that are compressed by gzip (RFC 1952). */
final class Gzip {

  private Gzip() {}

  /** Returns the bytes that were compressed. */
  static byte[] unpack(byte[] value) throws BrokenRecordException {
    BoundedBytes bytes = new BoundedBytes(4 * value.length);
    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(value))) {
      unpacked.transferTo(bytes);
      return bytes.toByteArray();
    } catch (BoundedBytes.TooManyException e) {
      throw Broken.broken(
          "the value is compressed by gzip and unpacks to %s, which is not read"
              .formatted(e.getMessage()));
    } catch (IOException e) {
      throw Broken.broken(
          "the value begins as one that is compressed by gzip, but cannot be unpacked: "
              + e.getMessage());
    }
  }
}
