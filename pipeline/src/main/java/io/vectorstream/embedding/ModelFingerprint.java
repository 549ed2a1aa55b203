package io.vectorstream.embedding;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The checksums of a model's files.
 *
 * @param weights the SHA-256 of the network and of all layers behind it
 * @param tokenizer the SHA-256 of {@code tokenizer.json}
 */
record ModelFingerprint(String weights, String tokenizer) {
  private static final int BUFFER = 1 << 16;

  /** The hexadecimal digits of an identity: enough that no two models share them by chance. */
  private static final int DIGITS = 16;

  static String sha256(InputStream in) throws IOException {
    Hasher sha256 = Hashing.sha256().newHasher();
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      sha256.putBytes(buffer, 0, read);
    }
    return sha256.hash().toString();
  }

  /** Returns the SHA-256 of one file, or of those of several files. */
  static String sha256(List<Path> files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        all.append(sha256(in));
      }
    }
    return files.size() == 1 ? all.toString() : sha256(all.toString());
  }

  private static String sha256(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }

  /** Returns the identity of a model with these files that computes by this recipe. */
  ModelIdentity identity(String name, ModelRecipe recipe) {
    String whole = sha256(String.join("\n", weights, tokenizer, recipe.identity()));
    return new ModelIdentity(name, whole.substring(0, DIGITS), recipe.isAsOlderVersions());
  }
}
