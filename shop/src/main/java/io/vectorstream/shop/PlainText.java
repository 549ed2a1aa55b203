package io.vectorstream.shop;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;

/** The text of a cell that may have HTML. */
final class PlainText {
  /** A tag, a comment, or a character by its name or number. */
  private static final Pattern HTML =
      Pattern.compile(
          "</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\\d{1,7}|#[xX]\\p{XDigit}{1,6});");

  private static final Pattern LEVELS = Pattern.compile("\\s*>\\s*");

  private PlainText() {}

  /** Returns what a page would show of it in one line; a text without HTML as it is. */
  static String of(String text) {
    if (text.indexOf('<') < 0 && text.indexOf('&') < 0 || !HTML.matcher(text).find()) {
      return text;
    }
    return Jsoup.parseBodyFragment(text).text().strip();
  }

  /** Returns a path of categories as a product has it: {@code Home | Light}. */
  static String path(String text) {
    return text.indexOf('>') < 0 ? text : LEVELS.matcher(text.strip()).replaceAll(" | ");
  }
}
