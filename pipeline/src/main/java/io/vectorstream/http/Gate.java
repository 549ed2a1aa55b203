package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.vectorstream.config.ListenAddress;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;

/** Who may ask what. */
final class Gate {
  private static final String SCHEME = "bearer ";

  private final String host;
  private final boolean loopback;
  private final boolean hasToken;
  private final byte[] tokenDigest;

  Gate(Settings.Http settings) {
    this.host = settings.host().toLowerCase(Locale.ROOT);
    this.loopback = ListenAddress.isLoopback(settings.host());
    Secret token = settings.resolvedToken();
    this.hasToken = !token.isEmpty();
    this.tokenDigest = digest(token.value());
  }

  /**
   * On the loopback, where reading is free: a page of another site can have its own name lead here,
   * and would then read what it gets. The name that the browser was given tells.
   *
   * @throws RequestException 403 if the request was meant for another host
   */
  void checkHost(Context context) {
    if (!loopback) {
      return;
    }
    String asked = hostName(context.header("Host"));
    if (!asked.equals("localhost")
        && !asked.endsWith(".localhost")
        && !asked.equals(host)
        && !isLoopbackAddress(asked)) {
      throw new RequestException(
          Status.FORBIDDEN,
          ("this listens on the loopback and answers to localhost, not to %s; from elsewhere, set"
                  + " http.host and http.token")
              .formatted(Parameter.shown(asked)));
    }
  }

  /** Without the port, and without the brackets of an IPv6 address. */
  private static String hostName(String header) {
    String name = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return name.substring(1, Math.max(1, name.indexOf(']')));
    }
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** An address only: a name is not looked up, which is what this guards against. */
  private static boolean isLoopbackAddress(String text) {
    boolean isAddress =
        text.matches("127(\\.\\d{1,3}){3}") || text.matches("[0-9a-f:]*:[0-9a-f:]*");
    return isAddress && ListenAddress.isLoopback(text);
  }

  /**
   * @throws RequestException 401 without the right token, 403 where there is none to show
   */
  void check(Endpoint.Access access, Context context) {
    boolean free = access == Endpoint.Access.FREE || (access == Endpoint.Access.READ && loopback);
    if (free) {
      return;
    }
    if (!hasToken) {
      throw new RequestException(
          Status.FORBIDDEN,
          "this changes something, which takes a token, and there is none; set http.token or"
              + " http.token_file (VECTORSTREAM_HTTP_TOKEN) and start again");
    }
    String given = context.header("Authorization");
    boolean isBearer = given != null && given.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    String shown = isBearer ? given.substring(SCHEME.length()).strip() : "";
    // Digests have one length, whatever is compared: how long it takes tells nothing.
    if (!MessageDigest.isEqual(digest(shown), tokenDigest)) {
      throw new RequestException(
          Status.UNAUTHORIZED,
          given == null
              ? "there is no token; expected the header Authorization: Bearer TOKEN"
              : "the token is not the one of http.token; expected Authorization: Bearer TOKEN",
          Map.of(
              "WWW-Authenticate",
              "Bearer realm=\"vectorstream\"" + (isBearer ? ", error=\"invalid_token\"" : "")));
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
