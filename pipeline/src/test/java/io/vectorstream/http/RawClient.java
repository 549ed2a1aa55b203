package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A client that sends exact bytes, from any loopback address. */
final class RawClient {
  private final InetAddress from;
  private final int port;

  RawClient(String from, TestServer server) throws IOException {
    this.from = InetAddress.getByName(from);
    this.port = server.server().port();
  }

  Socket connect() throws IOException {
    return new Socket(InetAddress.getByName("127.0.0.1"), port, from, 0);
  }

  /** The whole answer to a GET; the connection is closed after it. */
  String get(String path, String... headers) throws IOException {
    return send("GET " + path + " HTTP/1.1", headers);
  }

  /** The same, with a line of its own and a Host unless one is given. */
  String send(String line, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(line).append("\r\n");
    boolean hasHost = false;
    for (String header : headers) {
      request.append(header).append("\r\n");
      hasHost |= header.startsWith("Host:");
    }
    if (!hasHost) {
      request.append("Host: localhost:").append(port).append("\r\n");
    }
    request.append("Connection: close\r\n\r\n");
    try (Socket socket = connect()) {
      // A server that does not answer fails the test, and does not hold it up.
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  /** The status of such an answer. */
  static int status(String answer) {
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }
}
