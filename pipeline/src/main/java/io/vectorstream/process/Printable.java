package io.vectorstream.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Text and bytes of unknown origin, such as a product's name, in a form that a terminal shows and
 * does not interpret: bytes that are not UTF-8, control characters, and characters that change the
 * direction of writing are escaped, characters in the way of JSON.
 */
public final class Printable {
  private static final int MOST_BYTES_A_CHARACTER = 4;

  /** Letters and marks of Unicode that are invisible: two names may look alike. */
  private static final String INVISIBLE_LETTERS =
      "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u3164\uFFA0";

  private Printable() {}

  /** Returns a text as one line. */
  public static String text(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.append(escaped(c)));
    return line.toString();
  }

  /** Returns at most {@code width} characters as one line; the last is … if there are more. */
  public static String text(String text, int width) {
    StringBuilder line = new StringBuilder();
    int[] characters =
        text.codePoints()
            .limit(width + 1L)
            .flatMap(c -> escaped(c).codePoints())
            .limit(width + 1L)
            .toArray();
    for (int i = 0; i < Math.min(width, characters.length); i++) {
      line.appendCodePoint(i == width - 1 && characters.length > width ? '…' : characters[i]);
    }
    return line.toString();
  }

  /**
   * Returns a text whose line ends and tabs stay, such as an error's message. JSON remains JSON, of
   * the same values.
   */
  public static String lines(String text) {
    StringBuilder lines = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                lines.append((char) c);
              } else {
                lines.append(escaped(c));
              }
            });
    return lines.toString();
  }

  /** Returns at most {@code width} characters of bytes that should be UTF-8, as one line. */
  public static String bytes(byte[] bytes, int width) {
    int enough = MOST_BYTES_A_CHARACTER * (width + 2);
    return text(decoded(bytes.length > enough ? Arrays.copyOf(bytes, enough) : bytes), width);
  }

  /** Decodes UTF-8, with {@code \xff} for a byte that is not UTF-8. */
  private static String decoded(byte[] bytes) {
    CharsetDecoder decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(4 * bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put("\\x%02x".formatted(in.get() & 0xff));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  private static String escaped(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          switch (Character.getType(character)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.SURROGATE,
                Character.PRIVATE_USE,
                Character.UNASSIGNED,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR -> {
              StringBuilder units = new StringBuilder();
              for (char unit : Character.toChars(character)) {
                units.append("\\u%04x".formatted((int) unit));
              }
              yield units.toString();
            }
            default ->
                INVISIBLE_LETTERS.indexOf(character) < 0
                    ? Character.toString(character)
                    : "\\u%04x".formatted(character);
          };
    };
  }
}
