package io.vectorstream.shop;

import com.google.common.io.ByteStreams;
import com.google.common.io.CountingInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The text of a file: unpacked where it is gzip, and decoded.
 *
 * @param encoding the given one, or what the file's first bytes and a look through all of it show
 * @param isMarked whether a byte order mark says so
 */
record CatalogText(Path file, Charset encoding, boolean isMarked, boolean isGzip) {
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final int BUFFER = 1 << 16;

  /** A mark of UTF-16 says which byte comes first, and a decoder that is told so keeps the mark. */
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /**
   * @param given null to find it out
   * @throws WrongFileException if the file is an archive or a workbook
   */
  static CatalogText of(Path file, Charset given) throws IOException {
    boolean isGzip;
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] start = bytes.readNBytes(4);
      isGzip = start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b;
      if (start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3) {
        throw new WrongFileException(
            ": is a workbook or a ZIP archive; expected CSV, JSON or XML, or that with gzip");
      }
    }
    try (InputStream bytes = unpacked(Files.newInputStream(file), isGzip)) {
      byte[] start = bytes.readNBytes(4);
      Charset marked = marked(start);
      if (marked != null) {
        return new CatalogText(file, given == null ? marked : given, true, isGzip);
      }
      Charset encoding = given == null ? Utf16.unmarked(start) : given;
      return new CatalogText(
          file, encoding == null ? narrow(start, bytes) : encoding, false, isGzip);
    }
  }

  private static InputStream unpacked(InputStream bytes, boolean isGzip) throws IOException {
    return isGzip ? new Unpacked(bytes) : new BufferedInputStream(bytes, BUFFER);
  }

  /** Gzip of which all is read that comes before a damage. */
  private static final class Unpacked extends GZIPInputStream {
    Unpacked(InputStream bytes) throws IOException {
      super(bytes, BUFFER);
    }

    /** A decoder that expects more gives up what it has when the next bytes are damaged. */
    @Override
    public int available() {
      return 0;
    }
  }

  private static Charset marked(byte[] start) {
    if (start.length >= 3 && start[0] == (byte) 0xef && start[1] == (byte) 0xbb) {
      return start[2] == (byte) 0xbf ? StandardCharsets.UTF_8 : null;
    }
    return Utf16.marked(start);
  }

  /**
   * Returns UTF-8 where the bytes are valid, and where at least as many characters beyond ASCII are
   * valid as are not: some rows are damaged then. In a text of windows-1252 hardly any is.
   */
  private static Charset narrow(byte[] start, InputStream rest) throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER).put(start);
    CharBuffer chars = CharBuffer.allocate(BUFFER);
    long valid = 0;
    long invalid = 0;
    boolean isEnd = false;
    while (!isEnd) {
      int read = read(rest, bytes);
      bytes.position(bytes.position() + read).flip();
      isEnd = read == 0;
      CoderResult result = decoder.decode(bytes, chars, isEnd);
      while (result.isMalformed()) {
        invalid++;
        bytes.position(bytes.position() + result.length());
        result = decoder.decode(bytes, chars, isEnd);
      }
      chars.flip();
      while (chars.hasRemaining()) {
        if (chars.get() > 0x7f) {
          valid++;
        }
      }
      chars.clear();
      bytes.compact();
    }
    return valid >= invalid ? StandardCharsets.UTF_8 : WINDOWS;
  }

  /** Returns how many bytes it has read; 0 also at a damage, which a reader of the rows tells. */
  private static int read(InputStream in, ByteBuffer bytes) throws IOException {
    try {
      return ByteStreams.read(in, bytes.array(), bytes.position(), bytes.remaining());
    } catch (EOFException | ZipException e) {
      return 0;
    }
  }

  /** An open text, and how many bytes of the file it has taken. */
  record Opened(Reader text, CountingInputStream bytes) {}

  Opened open() throws IOException {
    CountingInputStream bytes = new CountingInputStream(Files.newInputStream(file));
    try {
      Reader text =
          new BufferedReader(new InputStreamReader(unpacked(bytes, isGzip), encoding), BUFFER);
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
      return new Opened(text, bytes);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return encoding.name() + (isMarked ? " with a byte order mark" : "") + (isGzip ? ", gzip" : "");
  }
}
