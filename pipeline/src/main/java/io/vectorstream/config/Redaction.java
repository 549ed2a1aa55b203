package io.vectorstream.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The redaction of passwords and keys. It hides values with the name of a secret, parts of a text
 * that look like a secret (a URL's password, {@code -Dshop.password=…}, a JAAS configuration), and
 * the values of the secrets that this process knows, wherever they appear.
 */
public final class Redaction {
  /** A regular expression that matches within each name whose value is a secret. */
  public static final String SECRET_NAMES =
      "(?i)secret|passw|passphrase|[._-]pass$|^pass$|[._-]pwd$|^pwd$|token|credential|jaas"
          + "|[._-]pw$|(?-i:[a-z0-9](Pass|Pwd)$)|[.]sas[.]"
          + "|(access|api|account|private|encryption)[._-]?key|keystore[.]key$|basic[.]auth"
          + "|authorization";

  static final String STARS = "******";

  private static final Pattern SECRET_NAME = Pattern.compile(SECRET_NAMES);

  /** The exceptions: names of the model, and of the location or the kind of a secret. */
  private static final Pattern NO_SECRET_NAME =
      Pattern.compile(
          "(?i)tokens|tokeni[sz]|[._-]?(file|location|path|class|type|mechanism|enabled|name)$"
              // A place in a program, and a topic with its partition.
              + "|[.](java|scala|kt)$|-\\d+$");

  /** The parameters of a signed URL, beside the names above. */
  private static final Pattern SIGNATURE_NAME =
      Pattern.compile("(?i)^(sig|signature|key|auth|code|jwt)$|[._-]signature$|^x-(amz|goog)-");

  /** The user and the password of a URL; Spark names its own endpoints in the same way. */
  private static final Pattern URL_USER =
      Pattern.compile("(?<!spark://)(?<=://)[^\\s\"'<>]{0,1024}(?=@)");

  /**
   * A name before its value, not prose with a colon. Within JSON that is itself a text, quotes have
   * a backslash.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "([?&]?)(?<![\\w.-])([\\w.-]++)"
              + "(?:\\\\?[\"']?\\s*+=\\s*+|\\\\?[\"']\\s*+:\\s*+|:\\s*+(?=[\"'])|:(?=\\S))");

  /** A value, quoted or up to the next blank. */
  private static final Pattern VALUE =
      Pattern.compile(
          "\"(?:[^\"\\\\]++|\\\\.)*+\"|'[^']*+'|\\\\\"[^\"\\\\]*+\\\\\"|[^\\s,;&\"'\\])}]++");

  /** A client's credentials in a header. */
  private static final Pattern HEADER =
      Pattern.compile(
          "(?i)\\b(authorization\\s*[:=]\\s*)((?:bearer|basic|digest|token|negotiate)\\s+)?"
              + "[^\\s,;\"']+");

  /** The same for other headers, and for a program's argument after its name. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?i)(\\bx-[\\w-]{0,40}(?:key|token|secret)\\s?:\\s?"
              + "|(?<!\\S)--[\\w-]{0,40}(?:password|passphrase|secret|token|api-key)\\s)"
              + "[^\\s,;\"'-][^\\s,;\"']*");

  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer\\s+)[\\w.~+/=-]{8,}");

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)");

  private Redaction() {}

  /** Returns the same names, in order, with stars for each value's secret, or secret part. */
  static SortedMap<String, String> redact(Map<String, String> properties) {
    SortedMap<String, String> redacted = new TreeMap<>();
    properties.forEach((name, value) -> redacted.put(name, isSecret(name) ? STARS : mask(value)));
    return redacted;
  }

  /** Returns whether the value of that name is a secret. */
  public static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).find();
  }

  /** Returns whether a value contains anything that {@link #mask} would hide. */
  public static boolean holdsSecret(String value) {
    return !mask(value).equals(value);
  }

  /** Returns the text with stars in place of every secret in it. */
  public static String mask(String text) {
    if (text == null || text.isEmpty()) {
      return text;
    }
    String masked = KnownSecrets.mask(text);
    if (masked.contains("PRIVATE KEY")) {
      masked = PRIVATE_KEY.matcher(masked).replaceAll(STARS);
    }
    if (masked.contains("://")) {
      masked = URL_USER.matcher(masked).replaceAll(STARS);
    }
    masked = HEADER.matcher(masked).replaceAll("$1$2" + STARS);
    masked = SHOWN.matcher(masked).replaceAll("$1" + STARS);
    masked = BEARER.matcher(masked).replaceAll("$1" + STARS);
    return masked.indexOf('=') < 0 && masked.indexOf(':') < 0
        ? masked
        : pairs(masked, Redaction::quoted);
  }

  /** Adds the secrets in these properties to those that {@link #mask} hides. */
  static void remember(Map<String, String> properties) {
    properties.forEach(
        (name, value) -> {
          if (namesSecret(name)) {
            KnownSecrets.add(value);
          }
          // A part, such as the password within a JAAS configuration, is also a secret on its own.
          pairs(
              value,
              secret -> {
                String bare = secret.replaceAll("^\\\\?[\"']|\\\\?[\"']$", "");
                KnownSecrets.add(bare);
                // JAAS escapes quotes and backslashes.
                KnownSecrets.add(bare.replaceAll("\\\\(.)", "$1"));
                return secret;
              });
          Matcher user = URL_USER.matcher(value);
          while (user.find()) {
            KnownSecrets.add(user.group().replaceFirst("^[^:]*:", ""));
          }
        });
  }

  /** Replaces each value that has the name of a secret. */
  private static String pairs(String text, UnaryOperator<String> replacement) {
    Matcher name = NAME.matcher(text);
    Matcher value = VALUE.matcher(text);
    StringBuilder result = null;
    int done = 0;
    int from = 0;
    while (name.find(from)) {
      from = name.end();
      if (namesSecret(name) && value.region(from, text.length()).lookingAt()) {
        result = result == null ? new StringBuilder(text.length()) : result;
        result.append(text, done, from).append(replacement.apply(value.group()));
        done = value.end();
        from = done;
      }
    }
    return result == null ? text : result.append(text, done, text.length()).toString();
  }

  private static boolean namesSecret(MatchResult pair) {
    String name = pair.group(2);
    return namesSecret(name) || (!pair.group(1).isEmpty() && SIGNATURE_NAME.matcher(name).find());
  }

  private static boolean namesSecret(String name) {
    return isSecret(name) && !NO_SECRET_NAME.matcher(name).find();
  }

  private static String quoted(String value) {
    char last = value.charAt(value.length() - 1);
    boolean isQuoted = last == '"' || last == '\'';
    return isQuoted ? value.substring(0, value.indexOf(last) + 1) + STARS + last : STARS;
  }
}
