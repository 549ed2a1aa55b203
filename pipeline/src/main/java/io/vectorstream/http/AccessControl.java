package io.vectorstream.http;

import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.AddressRanges;
import io.vectorstream.config.ListenAddress;
import io.vectorstream.config.Settings;
import java.util.Locale;
import java.util.Map;

/** The access control of the API. */
final class AccessControl {
  private static final String SCHEME = "bearer ";

  /** The rights of a caller; each constant includes the rights of those before. */
  enum Caller {
    /** A caller without a token where one is needed. */
    STRANGER,
    READER,
    CHANGER;

    boolean mayRead() {
      return this != STRANGER;
    }
  }

  private final String host;
  private final boolean loopback;
  private final AddressRanges trustedProxies;
  private final Tokens tokens;
  private final WrongTokens wrongTokens;

  AccessControl(Settings.Http settings, MeterRegistry meters) {
    this.host = settings.host().toLowerCase(Locale.ROOT);
    this.loopback = ListenAddress.isLoopback(settings.host());
    this.trustedProxies = AddressRanges.parse(settings.trustedProxies());
    this.tokens = Tokens.of(settings);
    this.wrongTokens = new WrongTokens(meters);
  }

  /**
   * Checks the Host header. Where reading is free, a page of another site can let its own host name
   * resolve to this server, and would then read its answers. The header contains the name that the
   * browser was given.
   *
   * @throws RequestException 403 if the request was meant for another host
   */
  void checkHost(Context context) {
    if (!loopback || tokens.areSet()) {
      return;
    }
    String asked = hostName(context.header("Host"));
    if (!asked.equals("localhost")
        && !asked.endsWith(".localhost")
        && !asked.equals(host)
        && !isLoopbackAddress(asked)) {
      throw new RequestException(
          Status.FORBIDDEN,
          ("without a token, the API on the loopback is called by the name localhost, not %s; for"
                  + " another name, set http.token or http.read_token")
              .formatted(Parameter.shown(asked)));
    }
  }

  /** Returns the name without the port, and without the brackets of an IPv6 address. */
  private static String hostName(String header) {
    String name = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return name.substring(1, Math.max(1, name.indexOf(']')));
    }
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** Returns whether this is a loopback address; no name is: an attacker may control it. */
  private static boolean isLoopbackAddress(String text) {
    boolean isAddress =
        text.matches("127(\\.\\d{1,3}){3}") || text.matches("[0-9a-f:]*:[0-9a-f:]*");
    return isAddress && ListenAddress.isLoopback(text);
  }

  /**
   * Admits a request, or refuses it.
   *
   * @return the caller's rights
   * @throws RequestException 401 without the right token, 403 where no token would do or a page of
   *     another site asks, 429 after too many wrong tokens
   */
  Caller check(Endpoint.Access access, Context context) {
    Origins.checkEndpoint(context);
    Caller caller = caller(context);
    switch (access) {
      case FREE -> {}
      case READ -> checkReader(caller);
      case CHANGE -> checkChanger(caller);
    }
    return caller;
  }

  private Caller caller(Context context) {
    if (!tokens.areSet()) {
      // This is reached only on the loopback address.
      return loopback && !Origins.isForwarded(context) ? Caller.READER : Caller.STRANGER;
    }
    String given = context.header("Authorization");
    if (given == null || !given.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Caller.STRANGER;
    }
    Caller caller = tokens.caller(given.substring(SCHEME.length()).strip());
    wrongTokens.check(Origins.address(context, trustedProxies), caller != Caller.STRANGER);
    if (caller == Caller.STRANGER) {
      throw unauthorized(
          "the token is neither that of http.token nor that of http.read_token; expected"
              + " Authorization: Bearer TOKEN",
          ", error=\"invalid_token\"");
    }
    return caller;
  }

  private void checkReader(Caller caller) {
    if (caller.mayRead()) {
      return;
    }
    if (tokens.areSet()) {
      throw noToken();
    }
    throw new RequestException(
        Status.FORBIDDEN,
        "a proxy passes on this request, and without a token only this machine may read; set"
            + " http.read_token or http.token (VECTORSTREAM_HTTP_READ_TOKEN,"
            + " VECTORSTREAM_HTTP_TOKEN) and start again");
  }

  private void checkChanger(Caller caller) {
    if (!tokens.letChange()) {
      throw new RequestException(
          Status.FORBIDDEN,
          "this request changes something and needs a token, but none is set; set http.token or"
              + " http.token_file (VECTORSTREAM_HTTP_TOKEN) and start again");
    }
    if (caller == Caller.STRANGER) {
      throw noToken();
    }
    if (caller == Caller.READER) {
      throw new RequestException(
          Status.FORBIDDEN,
          "this request changes something, and http.read_token is for reading only; expected the token"
              + " of http.token");
    }
  }

  private static RequestException noToken() {
    return unauthorized("there is no token; expected the header Authorization: Bearer TOKEN", "");
  }

  private static RequestException unauthorized(String detail, String error) {
    return new RequestException(
        Status.UNAUTHORIZED,
        detail,
        Map.of("WWW-Authenticate", "Bearer realm=\"vectorstream\"" + error));
  }
}
