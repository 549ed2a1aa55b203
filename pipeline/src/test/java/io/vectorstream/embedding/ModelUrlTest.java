package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models by their URL, from files and from a server of this test. */
class ModelUrlTest {
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String OFFLINE = "ai.djl.offline";

  @TempDir private Path temp;

  @BeforeEach
  void useCacheOfThisTest() {
    System.setProperty(CACHE, temp.resolve("cache").toString());
  }

  @AfterEach
  void useUsualCache() {
    System.clearProperty(CACHE);
  }

  @Test
  void a_file_url_names_a_folder_or_an_archive_of_one() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("our-model"));
    writeTokenizer(folder.resolve("tokenizer.json"));
    TorchScriptFile.write(folder.resolve("model.pt"), "input_ids: Tensor", "hidden", "Tensor");
    Path archive = Files.write(temp.resolve("zipped-model.zip"), archive());

    assertModel("our-model", folder.toUri().toString());
    assertModel("zipped-model", archive.toUri().toString());
  }

  @Test
  void what_the_user_names_on_a_server_is_downloaded_once_though_nothing_else_may_be()
      throws IOException {
    AtomicInteger downloads = new AtomicInteger();
    AtomicReference<String> offlineMeanwhile = new AtomicReference<>();
    byte[] archive = archive();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/models/",
        exchange -> {
          try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
              exchange.getResponseHeaders().set("Content-Length", "" + archive.length);
              exchange.sendResponseHeaders(200, -1);
            } else {
              downloads.incrementAndGet();
              offlineMeanwhile.set(System.getProperty(OFFLINE));
              exchange.sendResponseHeaders(200, archive.length);
              exchange.getResponseBody().write(archive);
            }
          }
        });
    server.start();
    String url =
        "http://localhost:" + server.getAddress().getPort() + "/models/served-model.zip?version=2";
    try {
      Djl.prepare();
      assertModel("served-model", url);
      assertModel("served-model", url);
    } finally {
      server.stop(0);
    }

    assertThat(downloads).hasValue(1);
    assertThat(offlineMeanwhile).hasValue("false");
    assertThat(System.getProperty(OFFLINE)).isEqualTo("true");
    // A start does not depend on the server any more.
    assertModel("served-model", url);
  }

  @Test
  void a_url_of_nothing_is_refused() {
    for (String url :
        new String[] {
          temp.resolve("nothing.zip").toUri().toString(),
          "http://localhost:1/nothing.zip",
          "jar:///nothing.zip"
        }) {
      assertThatThrownBy(() -> ModelSource.of(url))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageStartingWith("embedding.model: cannot get the model " + url + ": ");
    }
  }

  @Test
  void an_archive_without_a_model_is_refused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
      zip.closeEntry();
    }
    Path archive = Files.write(temp.resolve("text.zip"), bytes.toByteArray());

    assertThatThrownBy(() -> ModelSource.of(archive.toUri().toString()))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("has no tokenizer.json");
  }

  private static void assertModel(String name, String url) throws IOException {
    ModelSource source = ModelSource.of(url);
    assertThat(source.name()).isEqualTo(name);
    assertThat(source.torchScript()).isPresent();
    assertThat(source.torchScript().get()).exists();
    source.tokenizer(256).close();
  }

  /** The model in a folder of its own. */
  private byte[] archive() throws IOException {
    Path folder = Files.createTempDirectory(temp, "archive");
    writeTokenizer(folder.resolve("tokenizer.json"));
    TorchScriptFile.write(folder.resolve("model.pt"), "input_ids: Tensor", "hidden", "Tensor");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String file : new String[] {"tokenizer.json", "model.pt"}) {
        zip.putNextEntry(new ZipEntry("inside/" + file));
        Files.copy(folder.resolve(file), zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void writeTokenizer(Path file) throws IOException {
    try (InputStream in =
        ModelUrlTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
      Files.write(file, in.readAllBytes());
    }
  }
}
