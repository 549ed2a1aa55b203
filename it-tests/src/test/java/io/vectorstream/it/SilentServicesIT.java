package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.stream.PipelineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class SilentServicesIT {

  @Test
  void a_kafka_that_does_not_answer_is_said_in_one_line(Services services, @TempDir Path folder)
      throws IOException {
    String address = "127.0.0.1:" + closedPort();
    try (Deployment deployment = new Deployment(services, folder)) {
      assertThatThrownBy(
              () ->
                  deployment.start(
                      "kafka.bootstrap_servers=" + address, "kafka.connect_timeout=3s"))
          .isInstanceOf(PipelineException.class)
          .message()
          .contains("Kafka at " + address)
          .doesNotContain("\n");
    }
  }

  @Test
  void a_qdrant_that_does_not_answer_is_said_in_one_line(Services services, @TempDir Path folder)
      throws IOException {
    int port = closedPort();
    try (Deployment deployment = new Deployment(services, folder)) {
      assertThatThrownBy(
              () ->
                  deployment.start(
                      "qdrant.host=127.0.0.1", "qdrant.port=" + port, "qdrant.connect_timeout=3s"))
          .isInstanceOf(PipelineException.class)
          .message()
          .contains("Qdrant at 127.0.0.1:" + port)
          .doesNotContain("\n");
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
