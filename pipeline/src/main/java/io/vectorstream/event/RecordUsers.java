package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The texts in a record that may be a user's id. The record need not be an event: it may be JSON of
 * another shape, JSON within a text, XML, CSV, a form, or the beginning of one of them. So every
 * name, every scalar and every word counts.
 */
final class RecordUsers {

  private static final JsonFactory JSON = new JsonFactory();

  /** The maximal depth to which texts of JSON within texts of JSON are parsed. */
  private static final int DEEPEST = 4;

  /** The most bytes of an unpacked part: of more, no event is made either. */
  private static final int LONGEST = 32 << 20;

  /** The separators of values. */
  private static final Pattern BETWEEN_FIELDS = Pattern.compile("[,;|&=<>\"'\\[\\]{}\\t\\r\\n]+");

  /** The same, and the separators of names from values, and of words. */
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[,;|&=<>\"'\\[\\]{}()\\\\:/?\\s\\p{Cntrl}\uFFFD]+");

  private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

  private RecordUsers() {}

  /**
   * Returns whether one of the texts is a user whom a caller looks for. Each is asked about as it
   * is found: a large binary record has millions of them.
   *
   * @param parts of the record; null for one that is not there
   */
  static boolean anyOf(Iterable<byte[]> parts, Predicate<String> isUser) {
    Search search = new Search(isUser);
    for (byte[] part : parts) {
      if (part != null && !search.found) {
        byte[] plain = unpacked(part);
        if (ValueStart.isFrame(plain)) {
          BinaryUsers.find(plain, search);
        }
        find(new String(plain, UTF_8), search);
      }
    }
    return search.found;
  }

  private static final class Search implements Consumer<String> {

    private final Predicate<String> isUser;
    private boolean found;

    Search(Predicate<String> isUser) {
      this.isUser = isUser;
    }

    @Override
    public void accept(String text) {
      found = found || !text.isEmpty() && isUser.test(text);
    }
  }

  /** Returns what is compressed in a part, as far as it can be unpacked; or the part itself. */
  private static byte[] unpacked(byte[] part) {
    if (!ValueStart.isGzip(part)) {
      return part;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(part))) {
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0 && bytes.size() < LONGEST; read = in.read(some)) {
        bytes.write(some, 0, read);
      }
    } catch (IOException e) {
      // It is damaged from here on.
    }
    return bytes.toByteArray();
  }

  private static void find(String text, Consumer<String> users) {
    users.accept(text);
    findInJson(text, users, 0);
    findParts(text, users);
    String plain =
        ESCAPED
            .matcher(text)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(escape.group(1), 16))));
    if (!plain.equals(text)) {
      findParts(plain, users);
    }
  }

  /** Finds the texts of valid JSON, or of a valid beginning of it. */
  private static void findInJson(String text, Consumer<String> users, int depth) {
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {
        JsonToken token = json.currentToken();
        if (token.isScalarValue() || token == JsonToken.FIELD_NAME) {
          users.accept(json.getText());
          if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            findAsMapped(json.getText(), users);
          }
          if (token == JsonToken.VALUE_STRING && depth < DEEPEST) {
            findInJson(json.getText(), users, depth + 1);
          }
        }
      }
    } catch (IOException e) {
      // A dead letter may contain anything.
    }
  }

  /** Finds a number as a mapping writes it: {@code 17.0} as {@code 17} in an id. */
  private static void findAsMapped(String number, Consumer<String> users) {
    try {
      BigDecimal exact = new BigDecimal(number);
      users.accept(exact.toString());
      if (LenientValues.isWhole(exact)) {
        users.accept(exact.toBigInteger().toString());
      }
    } catch (NumberFormatException e) {
      // Its exponent has more than 32 bits; a mapping does not read it either.
    }
  }

  private static void findParts(String text, Consumer<String> users) {
    for (Pattern between : new Pattern[] {BETWEEN_FIELDS, BETWEEN_WORDS}) {
      between
          .splitAsStream(text)
          .forEach(
              part -> {
                users.accept(part);
                users.accept(part.strip());
                findDecoded(part, users);
              });
    }
  }

  /** Finds a text after decoding it as a form or a URL. */
  private static void findDecoded(String part, Consumer<String> users) {
    if (part.indexOf('%') < 0 && part.indexOf('+') < 0) {
      return;
    }
    try {
      users.accept(URLDecoder.decode(part, UTF_8));
    } catch (IllegalArgumentException e) {
      // The text is not encoded in that way.
    }
  }
}
