package io.vectorstream.process;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Standard output or standard error that passes text and no commands to a terminal, whether a
 * table, a logger or a library writes. {@link Printable} escapes the rest. Line ends and colours
 * are passed on, the latter because picocli's help has some; so a value that has to be one plain
 * line goes through {@link Printable#text} before.
 */
public final class PrintableStream extends PrintStream {
  private final PrintStream unguarded;

  PrintableStream(PrintStream unguarded, Charset charset) {
    super(new Filter(unguarded, charset), true, charset);
    this.unguarded = unguarded;
  }

  /** Replaces standard output and standard error of this process with such streams. */
  public static void install() {
    if (!(System.out instanceof PrintableStream)) {
      System.setOut(new PrintableStream(System.out, charset("stdout.encoding")));
    }
    if (!(System.err instanceof PrintableStream)) {
      System.setErr(new PrintableStream(System.err, charset("stderr.encoding")));
    }
  }

  /**
   * Returns the stream itself, for a display that moves the cursor. No text from outside may be
   * written to it.
   */
  public static PrintStream unguarded(PrintStream stream) {
    return stream instanceof PrintableStream guarded ? guarded.unguarded : stream;
  }

  /** Returns the charset that Java chooses; Java 17 knows only the second property. */
  private static Charset charset(String property) {
    return Stream.of(property, "sun." + property)
        .map(System::getProperty)
        .filter(Objects::nonNull)
        .findFirst()
        .map(Charset::forName)
        .orElse(Charset.defaultCharset());
  }

  private static final class Filter extends OutputStream {
    /** A line end of Windows, or a colour. */
    private static final Pattern ALLOWED = Pattern.compile("\r\n|\u001b\\[[0-9;]{0,20}m");

    /** Characters that may become such a sequence together with the next ones. */
    private static final Pattern BEGUN = Pattern.compile("(\r|\u001b(\\[[0-9;]{0,20})?)\\z");

    private final PrintStream out;
    private final Charset charset;
    private final CharsetDecoder decoder;

    /** The bytes of a character whose other bytes have not been written yet. */
    private byte[] bytesHeld = new byte[0];

    private String charactersHeld = "";

    Filter(PrintStream out, Charset charset) {
      this.out = out;
      this.charset = charset;
      decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      String text = charactersHeld + decoded(bytes, offset, length);
      Matcher begun = BEGUN.matcher(text);
      int end = begun.find() ? begun.start() : text.length();
      charactersHeld = text.substring(end);
      pass(text.substring(0, end));
    }

    private String decoded(byte[] bytes, int offset, int length) {
      ByteBuffer in = ByteBuffer.allocate(bytesHeld.length + length);
      in.put(bytesHeld).put(bytes, offset, length).flip();
      CharBuffer characters =
          CharBuffer.allocate((int) Math.ceil(in.remaining() * decoder.maxCharsPerByte()) + 1);
      decoder.decode(in, characters, false);
      bytesHeld = new byte[in.remaining()];
      in.get(bytesHeld);
      return characters.flip().toString();
    }

    private void pass(String text) {
      StringBuilder passed = new StringBuilder(text.length());
      Matcher allowed = ALLOWED.matcher(text);
      int done = 0;
      while (allowed.find()) {
        passed.append(Printable.lines(text.substring(done, allowed.start())));
        passed.append(allowed.group());
        done = allowed.end();
      }
      passed.append(Printable.lines(text.substring(done)));
      byte[] bytes = passed.toString().getBytes(charset);
      out.write(bytes, 0, bytes.length);
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public synchronized void close() {
      pass(charactersHeld);
      charactersHeld = "";
      out.close();
    }
  }
}
