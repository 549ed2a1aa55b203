package io.vectorstream.config;

import com.google.common.net.InetAddresses;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/** IP addresses and networks, as in {@code 10.1.2.3, 10.8.0.0/16, ::1}. */
public final class AddressRanges {

  /** An address or a network; not a name, whose address other servers would decide. */
  private static final Pattern RANGE = Pattern.compile("([0-9a-fA-F:.]+)(/[0-9]{1,3})?");

  private final InetAddressSet ranges = new InetAddressSet();

  private AddressRanges() {}

  /**
   * Reads addresses and networks with commas between; none for a blank text.
   *
   * @throws IllegalArgumentException if one of them is neither
   */
  public static AddressRanges parse(String text) {
    AddressRanges parsed = new AddressRanges();
    Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(range -> !range.isEmpty())
        .forEach(parsed::add);
    return parsed;
  }

  private void add(String range) {
    Matcher parts = RANGE.matcher(range);
    if (!parts.matches() || !InetAddresses.isInetAddress(parts.group(1))) {
      throw wrong(range, null);
    }
    try {
      ranges.add(range);
    } catch (IllegalArgumentException e) {
      throw wrong(range, e);
    }
  }

  private static IllegalArgumentException wrong(String range, Throwable cause) {
    return new IllegalArgumentException(
        "'%s' is neither an address nor a network".formatted(range), cause);
  }

  /** Returns whether an address is one of these or in one of these networks; false for a name. */
  public boolean contain(String address) {
    return InetAddresses.isInetAddress(address) && ranges.test(InetAddresses.forString(address));
  }
}
