package io.vectorstream.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.common.net.PercentEscaper;
import com.google.common.net.UrlEscapers;
import com.google.common.xml.XmlEscapers;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** The values of the secrets that this process was given, so that no output repeats one of them. */
final class KnownSecrets {
  /** The shortest secret that is hidden. A shorter one would hide parts of ordinary words. */
  private static final int SHORTEST = 6;

  /** The shortest part of a secret in Base64 that is hidden. */
  private static final int SHORTEST_BASE64 = 6;

  private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");

  /** The longest first: one may be part of another. */
  private static final Set<String> VALUES =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(value -> value));

  private KnownSecrets() {}

  static void add(String value) {
    if (value != null && value.strip().length() >= SHORTEST && !value.contains(Redaction.STARS)) {
      String secret = value.strip();
      VALUES.add(secret);
      String json = new String(JsonStringEncoder.getInstance().quoteAsString(secret));
      VALUES.add(json);
      VALUES.add(json.replace("/", "\\/"));
      VALUES.add(XmlEscapers.xmlAttributeEscaper().escape(secret));
      addEscaped(URLEncoder.encode(secret, UTF_8));
      addEscaped(URLEncoder.encode(secret, UTF_8).replace("+", "%20"));
      addEscaped(UrlEscapers.urlFragmentEscaper().escape(secret));
      addEscaped(UrlEscapers.urlPathSegmentEscaper().escape(secret));
      // What ECMAScript's encodeURIComponent and Python's quote leave as it is, beside the above.
      addEscaped(new PercentEscaper("-_.!~*'()", false).escape(secret));
      addEscaped(new PercentEscaper("-_.~/", false).escape(secret));
      addBase64(secret.getBytes(UTF_8));
    }
  }

  /** In both cases of the digits behind the percent signs. */
  private static void addEscaped(String escaped) {
    VALUES.add(escaped);
    VALUES.add(
        PERCENT.matcher(escaped).replaceAll(digits -> digits.group().toLowerCase(Locale.ROOT)));
  }

  /**
   * Adds the three texts of which one appears in any Base64 text that contains the secret, by the
   * number of bytes before it. Characters that hold bits of neighbouring bytes are left out.
   */
  private static void addBase64(byte[] secret) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + secret.length];
      System.arraycopy(secret, 0, shifted, before, secret.length);
      int from = (before * 8 + 5) / 6;
      int to = shifted.length * 8 / 6;
      if (to - from >= SHORTEST_BASE64) {
        VALUES.add(Base64.getEncoder().encodeToString(shifted).substring(from, to));
        VALUES.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
      }
    }
  }

  static String mask(String text) {
    String masked = text;
    for (String value : VALUES) {
      if (masked.contains(value)) {
        masked = masked.replace(value, Redaction.STARS);
      }
    }
    return masked;
  }
}
