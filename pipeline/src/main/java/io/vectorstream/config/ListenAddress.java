package io.vectorstream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The reach of an address to listen on. */
public final class ListenAddress {
  private ListenAddress() {}

  /** Returns whether only this machine can connect there; false for an unresolvable name. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
