package io.vectorstream.it;

import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.ServicesKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;

/**
 * The embedded services on free ports, in a folder that is deleted afterwards. The store has Qdrant
 * Cloud's strict mode, so every test checks the indexes too.
 */
final class EphemeralServices {
  private EphemeralServices() {}

  static Services start() {
    DataFolder folder = newFolder();
    String apiKey = UUID.randomUUID().toString();
    EmbeddedServices embedded = EmbeddedServices.startStrict(folder, Optional.of(apiKey));
    Runnable stop =
        () -> {
          embedded.close();
          folder.delete();
        };
    return new Services(
        ServicesKind.EMBEDDED,
        embedded.bootstrapServers(),
        "127.0.0.1",
        embedded.qdrantPort(),
        apiKey,
        stop);
  }

  private static DataFolder newFolder() {
    try {
      return DataFolder.open(Files.createTempDirectory("vectorstream-it-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
