package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      assertThatThrownBy(() -> ModelSource.of(url, ""))
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

    assertThatThrownBy(() -> ModelSource.of(archive.toUri().toString(), ""))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("has no tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://models.example/m.zip",
        "HTTP://192.0.2.7/m.zip",
        "http://localhost.models.example/m.zip",
        "http://[2001:db8::1]/m.zip"
      })
  void a_model_that_could_be_exchanged_on_its_way_is_not_asked_for(String url) {
    for (String sha256 : new String[] {"", "0".repeat(64)}) {
      assertThatThrownBy(() -> ModelSource.of(url, sha256))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining(url)
          .hasMessageContaining("http:// is not encrypted")
          .hasMessageContaining("expected https://");
    }
  }

  @Test
  void a_model_at_an_address_within_another_one_is_not_asked_for() {
    for (String url : List.of("jar:http://models.example/m.zip!/m", "jar:jar:file:/m.zip!/m")) {
      assertThatThrownBy(() -> ModelSource.of(url, ""))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining(url)
          .hasMessageContaining("expected https://, file: or another scheme with //");
    }
  }

  @Test
  void a_changed_archive_is_refused_unopened_and_the_right_one_needs_its_server_once()
      throws Exception {
    byte[] right = archive();
    String sha256 = sha256(right);
    AtomicReference<byte[]> served = new AtomicReference<>(changed(right));
    HttpServer server = server(served);
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/models/served-model.zip";
    try {
      assertThatThrownBy(() -> ModelSource.of(url, sha256))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining(url)
          .hasMessageContaining("its SHA-256 is " + sha256(served.get()))
          .hasMessageContaining("expected " + sha256 + " as embedding.model_sha256 says");
      try (Stream<Path> kept = Files.walk(temp.resolve("cache"))) {
        assertThat(kept.filter(Files::isRegularFile)).isEmpty();
      }

      served.set(right);
      assertModel("served-model", url, sha256.toUpperCase(Locale.ROOT));
    } finally {
      server.stop(0);
    }
    assertModel("served-model", url, sha256);
  }

  @Test
  void a_changed_file_is_refused_though_the_right_one_was_opened_before() throws Exception {
    Path archive = Files.write(temp.resolve("our-model.zip"), archive());
    String sha256 = sha256(Files.readAllBytes(archive));
    String url = archive.toUri().toString();
    assertModel("our-model", url, sha256);

    Files.write(archive, changed(Files.readAllBytes(archive)));
    assertModel("our-model", url, sha256);
    String other = sha256("another".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ModelSource.of(url, other))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("expected " + other);
  }

  @Test
  void a_redirect_away_from_this_machine_without_encryption_is_not_followed() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Location", "http://models.example/m.zip");
            exchange.sendResponseHeaders(302, -1);
          }
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort() + "/m.zip";
    try {
      assertThatThrownBy(() -> ModelSource.of(url, "0".repeat(64)))
          .hasMessageContaining("http:// is not encrypted");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundled", "/models/folder", "djl://ai.djl/m", "https://localhost:1/m"})
  void a_checksum_of_what_is_no_archive_is_refused(String model) {
    assertThatThrownBy(() -> ModelSource.of(model, "0".repeat(64)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("embedding.model_sha256 is of ")
        .hasMessageContaining("expected a URL");
  }

  private static HttpServer server(AtomicReference<byte[]> served) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/models/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, served.get().length);
            exchange.getResponseBody().write(served.get());
          }
        });
    server.start();
    return server;
  }

  /** The same archive with a file more, which opens as well as the other one. */
  private static byte[] changed(byte[] archive) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        in.transferTo(out);
        out.closeEntry();
      }
      out.putNextEntry(new ZipEntry("inside/poison"));
      out.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void assertModel(String name, String url) throws IOException {
    assertModel(name, url, "");
  }

  private static void assertModel(String name, String url, String sha256) throws IOException {
    ModelSource source = ModelSource.of(url, sha256);
    assertSource(name, source);
  }

  private static void assertSource(String name, ModelSource source) throws IOException {
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
