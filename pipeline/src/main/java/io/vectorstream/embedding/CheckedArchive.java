package io.vectorstream.embedding;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An archive of a model whose SHA-256 the user has given. It is opened only after the check. The
 * file is kept under that number, so later starts ask no server.
 */
final class CheckedArchive {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+\\.(zip|tgz|tar\\.gz)");

  private CheckedArchive() {}

  /**
   * Returns the checked file.
   *
   * @param address http(s) or file
   * @param expected the SHA-256, in hexadecimal digits
   * @throws IOException if there is no such file, or it has another SHA-256
   */
  static Path get(URI address, String expected) throws IOException, InterruptedException {
    String sha256 = expected.toLowerCase(Locale.ROOT);
    Path file = Utils.getCacheDir().resolve("vectorstream").resolve(sha256).resolve(name(address));
    if (Files.exists(file) && sha256.equals(sha256(file))) {
      return file;
    }
    Files.createDirectories(file.getParent());
    Path unchecked = Files.createTempFile(file.getParent(), "unchecked", ".part");
    try {
      String actual;
      try (InputStream in = open(address)) {
        actual = copy(in, unchecked);
      }
      if (!actual.equals(sha256)) {
        throw new IOException(
            "its SHA-256 is %s, expected %s as embedding.model_sha256 says; it was not opened"
                .formatted(actual, sha256));
      }
      return Files.move(
          unchecked, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unchecked);
    }
  }

  private static String name(URI address) throws IOException {
    String name = address.getPath() == null ? "" : address.getPath().replaceAll("^.*/", "");
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          "embedding.model_sha256 is of one file, expected a URL of a .zip, .tgz or .tar.gz");
    }
    return name;
  }

  private static InputStream open(URI address) throws IOException, InterruptedException {
    return address.getScheme().equalsIgnoreCase("file")
        ? Files.newInputStream(Path.of(address))
        : download(address);
  }

  private static InputStream download(URI address) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    URI next = address;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      ModelUrl.checkEncrypted(next);
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(next).build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() == 200) {
        return response.body();
      }
      response.body().close();
      String location = response.headers().firstValue("Location").orElse("");
      if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
        throw new IOException("%s answers with status %d".formatted(next, response.statusCode()));
      }
      next = next.resolve(location);
    }
    throw new IOException("it is redirected more than %d times".formatted(MOST_REDIRECTS));
  }

  private static String copy(InputStream in, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to)) {
      return digest(in, out);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return digest(in, OutputStream.nullOutputStream());
    }
  }

  private static String digest(InputStream in, OutputStream out) throws IOException {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha256).transferTo(out);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
