package io.vectorstream.local.store;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders with the small models that the pipeline's tests have, and settings with one of them. */
public final class SmallModels {
  private static final Path MODELS =
      Path.of("..", "pipeline", "src", "test", "resources", "sentence-transformers");

  private SmallModels() {}

  /** Returns a new folder below this one with the model of that name. */
  public static Path folder(Path parent, String name) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    for (Path from : List.of(MODELS.resolve("bert"), MODELS.resolve("models").resolve(name))) {
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path target = folder.resolve(from.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    return folder;
  }

  public static Settings settings(TemporaryVectorStore server, Path model) {
    List<String> given = new ArrayList<>(server.settings());
    given.add("embedding.model=" + model);
    given.add("embedding.device=cpu");
    return SettingsLoader.load(Optional.empty(), Map.of(), given);
  }

  public static double cosine(float[] one, float[] other) {
    double dot = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      squares += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(squares * others);
  }
}
