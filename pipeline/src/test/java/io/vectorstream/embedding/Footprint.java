package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Fills the cache, embeds the largest batches, and prints how much memory that took at most. */
final class Footprint {
  static final int ENTRIES = 100_000;

  private Footprint() {}

  public static void main(String[] args) throws Exception {
    Settings.Embedding settings =
        SettingsLoader.load(Optional.empty(), Map.of(), List.of("embedding.engine=" + args[0]))
            .embedding();
    try (EmbeddingService service = EmbeddingService.open(settings)) {
      Random random = new Random(1);
      for (int i = 0; i < settings.cacheEntries(); i++) {
        float[] vector = new float[service.dimension()];
        vector[random.nextInt(vector.length)] = 1;
        service.remember("product " + i, vector);
      }
      List<String> longTexts = new ArrayList<>();
      for (int i = 0; i < 2 * settings.batchSize(); i++) {
        longTexts.add(("thing" + i + " of stainless steel ").repeat(80));
      }
      service.embed(longTexts);
      int remembered = 0;
      for (int i = 0; i < settings.cacheEntries(); i++) {
        remembered += service.cached("product " + i).isPresent() ? 1 : 0;
      }
      remembered += longTexts.stream().filter(text -> service.cached(text).isPresent()).count();
      System.out.println("entries " + remembered + " MB " + peakMegabytes());
    }
  }

  private static long peakMegabytes() throws Exception {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(status -> status.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }
}
