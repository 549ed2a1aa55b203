package io.vectorstream.it.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sockets on which a process accepts connections, as the Linux kernel reports them. */
public final class ListeningSockets {
  private static final String LISTENING = "0A";

  /** 127.0.0.1, the same within IPv6, and ::1, as the kernel writes them. */
  private static final Set<String> LOOPBACK =
      Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

  /**
   * A socket that listens.
   *
   * @param address in the kernel's hexadecimal digits
   */
  public record Socket(String address, int port) {

    /** Returns whether only this machine can connect. */
    public boolean isOnLoopback() {
      return LOOPBACK.contains(address);
    }
  }

  private ListeningSockets() {}

  /** Returns whether this machine reports sockets. */
  public static boolean canBeSeen() {
    return Files.exists(Path.of("/proc/self/net/tcp"));
  }

  /** Returns the sockets of a process. */
  public static List<Socket> of(long pid) {
    try {
      return read(pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Socket> read(long pid) throws IOException {
    Set<String> own;
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      own = files.map(ListeningSockets::target).collect(Collectors.toSet());
    }
    List<Socket> sockets = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] columns = line.strip().split("\\s+");
        if (columns[3].equals(LISTENING) && own.contains("socket:[" + columns[9] + "]")) {
          String[] address = columns[1].split(":");
          sockets.add(new Socket(address[0], Integer.parseInt(address[1], 16)));
        }
      }
    }
    return sockets;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      // Closed meanwhile.
      return "";
    }
  }
}
