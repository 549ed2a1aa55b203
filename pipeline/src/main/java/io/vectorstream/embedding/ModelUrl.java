package io.vectorstream.embedding;

import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.util.Utils;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that DJL finds by its URL, and keeps in its cache after the first time. */
final class ModelUrl {
  private static final Logger log = LoggerFactory.getLogger(ModelUrl.class);

  /** A URL's scheme has two letters at least: one letter is a drive of Windows. */
  private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.+");

  /** The schemes that only access this machine. */
  private static final List<String> LOCAL = List.of("file", "jar");

  /** The schemes of a single file, which has a SHA-256. */
  private static final List<String> OF_A_FILE = List.of("http", "https", "file");

  private static final Pattern ARCHIVE = Pattern.compile("\\.(zip|tar|tgz|tar\\.gz|tar\\.z)$");

  private ModelUrl() {}

  static boolean isUrl(String model) {
    return URL.matcher(model).matches();
  }

  /**
   * Downloads the model if needed.
   *
   * @param sha256 of its archive; empty where any archive is accepted
   * @throws EmbeddingException if it is not available, or cannot be used
   */
  static ModelSource fetch(String url, String sha256) {
    try {
      URI address = URI.create(url);
      checkEncrypted(address);
      Path folder;
      if (!sha256.isEmpty()) {
        folder = folderOf(checked(address, sha256).toUri().toString());
      } else if (LOCAL.contains(scheme(address))) {
        folder = folderOf(url);
      } else {
        folder = Djl.withDownloads(() -> downloaded(url));
      }
      return ModelFolder.open(modelIn(folder), nameOf(address));
    } catch (EmbeddingException e) {
      throw e;
    } catch (Exception e) {
      throw new EmbeddingException(
          "embedding.model: cannot get the model %s: %s".formatted(url, Djl.reason(e)), e);
    }
  }

  private static Path checked(URI address, String sha256) throws IOException, InterruptedException {
    if (!OF_A_FILE.contains(scheme(address))) {
      throw new IOException(
          "embedding.model_sha256 is of one file, expected a URL with https:// or file:");
    }
    return CheckedArchive.get(address, sha256);
  }

  /**
   * Refuses an unencrypted connection: an attacker in the network could exchange the model.
   *
   * @throws IOException if it is refused
   */
  static void checkEncrypted(URI address) throws IOException {
    if (address.isOpaque() && !scheme(address).equals("file")) {
      throw new IOException(
          "an address within another one hides which server is asked; expected https://, file: or another"
              + " scheme with //");
    }
    if (scheme(address).equals("http") && !isLoopback(address.getHost())) {
      throw new IOException(
          "http:// is not encrypted, so the model could be exchanged on its way; expected https://,"
              + " or http:// on this machine");
    }
  }

  private static boolean isLoopback(String host) {
    if (host == null) {
      return false;
    }
    String name = host.replaceAll("[\\[\\]]", "");
    return name.equalsIgnoreCase("localhost")
        || InetAddresses.isInetAddress(name) && InetAddresses.forString(name).isLoopbackAddress();
  }

  private static String scheme(URI address) {
    return address.getScheme().toLowerCase(Locale.ROOT);
  }

  /**
   * Downloads the model. DJL asks the server at every start, and uses its cache without an answer.
   */
  private static Path downloaded(String url) throws IOException {
    Path note = Utils.getCacheDir().resolve("vectorstream").resolve(TextKey.of(url).hex());
    try {
      Path folder = folderOf(url);
      Files.createDirectories(note.getParent());
      Files.writeString(note, folder.toAbsolutePath().toString());
      return folder;
    } catch (IOException | RuntimeException e) {
      if (!Files.exists(note)) {
        throw e;
      }
      Path earlier = Path.of(Files.readString(note));
      log.warn(
          "{} does not answer ({}); the model of an earlier download is used", url, Djl.reason(e));
      return earlier;
    }
  }

  private static Path folderOf(String url) throws IOException {
    Djl.prepare();
    Repository repository = Repository.newInstance("embedding.model", url);
    List<MRL> resources = repository.getResources();
    if (resources.isEmpty()) {
      throw new IOException("no model was found there, or the server does not answer");
    }
    Artifact artifact = resources.get(0).getDefaultArtifact();
    if (artifact == null) {
      throw new IOException("no model was found there");
    }
    resources.get(0).prepare(artifact);
    return repository.getResourceDirectory(artifact);
  }

  /** Returns the folder with the model: an archive may contain it in a folder of its own. */
  private static Path modelIn(Path folder) throws IOException {
    // The tokenizer may be in a folder within the model's.
    for (String file : List.of("modules.json", "tokenizer.json")) {
      try (Stream<Path> files = Files.walk(folder, 3)) {
        Optional<Path> found =
            files.filter(path -> path.getFileName().toString().equals(file)).findFirst();
        if (found.isPresent()) {
          return found.get().getParent();
        }
      }
    }
    return folder;
  }

  private static String nameOf(URI address) {
    String path = address.getPath() == null ? address.getSchemeSpecificPart() : address.getPath();
    String name = path.replaceAll("/+$", "").replaceAll("^.*/", "");
    return ARCHIVE.matcher(name).replaceFirst("");
  }
}
