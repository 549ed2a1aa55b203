package io.vectorstream.stream;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This process as people name it. */
final class ThisProcess {

  private ThisProcess() {}

  /** The machine's name, where it knows one, and the process's number. */
  static String name() {
    return host() + ", process " + ProcessHandle.current().pid();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a machine without a name";
    }
  }
}
