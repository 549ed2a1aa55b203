package io.vectorstream.local.command;

import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command that starts the embedded Kafka and vector store without a pipeline. */
@Command(
    name = "services",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts a Kafka broker and a vector store that speaks Qdrant's gRPC protocol, for development"
          + " without Docker.",
      "Both are in this one process and listen on the loopback only. Ctrl-C stops them; the data"
          + " stays."
    })
public final class ServicesCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "data/services",
      description = "Where they keep their data. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Mixin private PortOptions ports;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description =
          "Require the key in this file from every client of the vector store. No option takes the"
              + " key itself, because other users of this machine can see a program's arguments.")
  private Path apiKeyFile;

  @Override
  public Integer call() throws InterruptedException {
    ports.check();
    Optional<String> apiKey = Optional.ofNullable(apiKeyFile).map(ServicesCommand::read);
    StopRequest stop = CtrlC.listen("Stopping.");
    try (DataFolder folder = DataFolder.open(data);
        EmbeddedServices services =
            EmbeddedServices.start(folder, ports.kafka(), ports.qdrant(), apiKey)) {
      print(services);
      stop.await();
    }
    return 0;
  }

  private static String read(Path file) {
    String key;
    try {
      key = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--api-key-file: '%s' cannot be read; expected a text file".formatted(file), e);
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "--api-key-file: '%s' is empty; expected the key".formatted(file));
    }
    return key;
  }

  private void print(EmbeddedServices services) {
    String kafka = services.bootstrapServers();
    int port = services.qdrantPort();
    System.out.printf(
        """
        Kafka   %s
        Qdrant  127.0.0.1:%d (gRPC)
        Data    %s

        Events:    vectorstream generate --bootstrap-servers %s --rate 1000
        Pipeline:  vectorstream run --set kafka.bootstrap_servers=%s \
        --set qdrant.host=127.0.0.1 --set qdrant.port=%d
        Search:    vectorstream search "waterproof boots" --set qdrant.host=127.0.0.1 --set qdrant.port=%d
        Java:      new QdrantClient(QdrantGrpcClient.newBuilder("127.0.0.1", %d, false)%s.build())
        Python:    QdrantClient(host="127.0.0.1", grpc_port=%d, prefer_grpc=True, https=False%s)

        Ctrl-C stops.
        """,
        kafka,
        port,
        data,
        kafka,
        kafka,
        port,
        port,
        port,
        apiKeyFile == null ? "" : ".withApiKey(KEY)",
        port,
        apiKeyFile == null ? "" : ", api_key=KEY");
  }
}
