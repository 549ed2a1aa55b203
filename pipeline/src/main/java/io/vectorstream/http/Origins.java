package io.vectorstream.http;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.javalin.http.Context;
import io.vectorstream.config.AddressRanges;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The origin of a request, according to its headers: another site's page in the user's browser, or
 * another machine by way of a proxy.
 */
final class Origins {

  /** The names of headers that proxies, balancers and networks in front of a server add. */
  private static final Pattern OF_PROXIES =
      Pattern.compile(
          "forwarded|via|x-forwarded-.*|x-original-.*|x-envoy-.*|x-cluster-.*|x-proxy.*"
              + "|.*(client|real|connecting|remote|source)[-_]?(ip|addr).*",
          Pattern.CASE_INSENSITIVE);

  private Origins() {}

  /** Returns whether a header says that a proxy forwards the request. */
  static boolean isForwarded(Context context) {
    return context.headerMap().keySet().stream()
        .anyMatch(name -> OF_PROXIES.matcher(name).matches());
  }

  /**
   * The address of the client, past all trusted proxies, which are believed what they say of their
   * own client; other clients may say anything. Of IPv6 the network: the rest of the address is the
   * client's choice.
   */
  static String address(Context context, AddressRanges trustedProxies) {
    String address = context.req().getRemoteAddr();
    String before = header(context, "X-Forwarded-For");
    String[] hops = (before.isEmpty() ? header(context, "X-Real-IP") : before).split(",");
    // Each proxy adds the address that it sees at the end; what stands before may be made up.
    for (int i = hops.length - 1; i >= 0 && trustedProxies.contain(address); i--) {
      String hop = withoutPort(hops[i].strip());
      if (!InetAddresses.isInetAddress(hop)) {
        break;
      }
      address = hop;
    }
    if (!InetAddresses.isInetAddress(address)) {
      return "unknown";
    }
    InetAddress parsed = InetAddresses.forString(address);
    if (parsed instanceof Inet6Address && !parsed.isLoopbackAddress()) {
      byte[] network = Arrays.copyOf(Arrays.copyOf(parsed.getAddress(), 8), 16);
      return InetAddresses.toAddrString(addressOf(network)) + "/64";
    }
    return InetAddresses.toAddrString(parsed);
  }

  /**
   * Some proxies add the port of their client: {@code 203.0.113.9:51234}, {@code
   * [2001:db8::1]:443}.
   */
  private static String withoutPort(String hop) {
    try {
      return hop.isEmpty() || InetAddresses.isInetAddress(hop)
          ? hop
          : HostAndPort.fromString(hop).getHost();
    } catch (IllegalArgumentException e) {
      return hop;
    }
  }

  private static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("every 16 bytes are an address", e);
    }
  }

  /** Returns a header's lines as one list, in their order: a proxy may add a line of its own. */
  private static String header(Context context, String name) {
    Enumeration<String> lines = context.req().getHeaders(name);
    return lines == null ? "" : String.join(",", Collections.list(lines));
  }

  /**
   * Returns whether another site made the browser send this. If the browser says how the sites are
   * related, that decides: it knows the name that it asked, and a proxy may have changed it.
   */
  static boolean isForeign(Context context) {
    String site = header(context, "Sec-Fetch-Site").strip();
    if (site.equalsIgnoreCase("same-origin")) {
      return false;
    }
    if (!site.isEmpty() && !site.equalsIgnoreCase("none")) {
      return true;
    }
    String origin = context.header("Origin");
    return origin != null && !isOwn(origin, context.header("Host"));
  }

  /** Returns whether the origin is this host, with any scheme: a proxy may encrypt. */
  private static boolean isOwn(String origin, String host) {
    String name = origin.strip().toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    return host != null && name.equals(host.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses requests that other sites make a browser send; a user may follow a link to a page.
   *
   * @throws RequestException 403
   */
  static void checkPage(Context context) {
    if (isForeign(context) && !opensPage(context)) {
      throw foreign();
    }
  }

  /** Does the same for an endpoint, to which no link of another site may lead either. */
  static void checkEndpoint(Context context) {
    if (isForeign(context)) {
      throw foreign();
    }
  }

  private static boolean opensPage(Context context) {
    return context.method().name().equals("GET")
        && "navigate".equalsIgnoreCase(context.header("Sec-Fetch-Mode"))
        && "document".equalsIgnoreCase(context.header("Sec-Fetch-Dest"));
  }

  private static RequestException foreign() {
    return new RequestException(
        Status.FORBIDDEN,
        "a page of another site sent this; expected it from a page of this server, or from a"
            + " program, which sends neither Origin nor Sec-Fetch-Site");
  }
}
