package io.vectorstream.stream;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this process for users. */
final class ThisProcess {

  private ThisProcess() {}

  /** Returns the machine's name, if it has one, and the process's number. */
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
