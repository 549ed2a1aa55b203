package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.shop.Utf16;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file with the values of records: one a line or, in JSON over several lines, a single one. It
 * may be packed by gzip, whatever its name is.
 */
public final class RecordFile {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The first bytes of a file that is packed. */
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  /** The first bytes that editors put into a file of UTF-8; no record has them. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final byte[] content;

  /** A receiver of the values. */
  public interface Action {
    void accept(int line, byte[] value);
  }

  /**
   * Reads the file, all of it.
   *
   * @throws IOException if it cannot be read, is packed and damaged, or is in UTF-16
   */
  public RecordFile(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(GZIP.length);
      boolean isPacked = Arrays.equals(in.readNBytes(GZIP.length), GZIP);
      in.reset();
      this.content =
          withoutMark(isPacked ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes());
    } catch (EOFException | ZipException e) {
      throw new IOException(file + " is a damaged gzip: " + e.getMessage(), e);
    }
    Charset wide = Utf16.of(Arrays.copyOf(content, Math.min(content.length, 4)));
    if (wide != null) {
      throw new IOException(
          "%s is in %s; expected UTF-8, as records of JSON are in Kafka".formatted(file, wide));
    }
  }

  private static byte[] withoutMark(byte[] content) {
    int mark = BYTE_ORDER_MARK.length;
    boolean hasMark =
        content.length >= mark && Arrays.equals(content, 0, mark, BYTE_ORDER_MARK, 0, mark);
    return hasMark ? Arrays.copyOfRange(content, mark, content.length) : content;
  }

  /** Passes on at most so many values with the numbers of their lines; blank lines are none. */
  public void forEach(int most, Action action) {
    if (isOneValue()) {
      action.accept(1, content);
      return;
    }
    int line = 0;
    int passed = 0;
    for (int begin = 0; begin < content.length && passed < most; ) {
      int end = endOfLine(begin);
      byte[] value = Arrays.copyOfRange(content, begin, end);
      line++;
      if (!isBlank(value)) {
        action.accept(line, value);
        passed++;
      }
      begin = end + 1;
    }
  }

  private int endOfLine(int begin) {
    int end = begin;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean isOneValue() {
    try {
      return !isBlank(content) && JSON.readTree(content) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b < 0 || b > ' ') {
        return false;
      }
    }
    return true;
  }
}
