package io.vectorstream.embedding;

import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.util.Utils;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that DJL finds by its URL, and keeps in its cache after the first time. */
final class ModelUrl {
  private static final Logger log = LoggerFactory.getLogger(ModelUrl.class);

  /** Two letters at least: one alone is a drive of Windows. */
  private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.+");

  /** What only asks this machine. */
  private static final List<String> LOCAL = List.of("file", "jar");

  private static final Pattern ARCHIVE = Pattern.compile("\\.(zip|tar|tgz|tar\\.gz|tar\\.z)$");

  private ModelUrl() {}

  static boolean isUrl(String model) {
    return URL.matcher(model).matches();
  }

  /**
   * Downloads the model where that is needed.
   *
   * @throws EmbeddingException if it cannot be had, or is not one that can be used
   */
  static ModelSource fetch(String url) {
    try {
      URI address = URI.create(url);
      Path folder =
          LOCAL.contains(address.getScheme())
              ? folderOf(url)
              : Djl.withDownloads(() -> downloaded(url));
      return ModelFolder.open(modelIn(folder), nameOf(address));
    } catch (EmbeddingException e) {
      throw e;
    } catch (Exception e) {
      throw new EmbeddingException(
          "embedding.model: cannot get the model %s: %s".formatted(url, Djl.reason(e)), e);
    }
  }

  /**
   * DJL asks the server at every start; one that does not answer must not stop a start for that.
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
      log.warn("{} does not answer ({}); using its model of earlier", url, Djl.reason(e));
      return earlier;
    }
  }

  private static Path folderOf(String url) throws IOException {
    Djl.prepare();
    Repository repository = Repository.newInstance("embedding.model", url);
    List<MRL> resources = repository.getResources();
    if (resources.isEmpty()) {
      throw new IOException("there is nothing, or it does not answer");
    }
    Artifact artifact = resources.get(0).getDefaultArtifact();
    if (artifact == null) {
      throw new IOException("there is no model");
    }
    resources.get(0).prepare(artifact);
    return repository.getResourceDirectory(artifact);
  }

  /** An archive may have the model in a folder of its own. */
  private static Path modelIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files
          .filter(file -> file.getFileName().toString().equals("tokenizer.json"))
          .map(Path::getParent)
          .findFirst()
          .orElse(folder);
    }
  }

  private static String nameOf(URI address) {
    String path = address.getPath() == null ? address.getSchemeSpecificPart() : address.getPath();
    String name = path.replaceAll("/+$", "").replaceAll("^.*/", "");
    return ARCHIVE.matcher(name).replaceFirst("");
  }
}
