package io.vectorstream.embedding;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of what computes vectors: those of different identities cannot be compared. It is
 * stored with each vector, as {@code name@fingerprint}. The fingerprint decides, and the name is
 * for people: the same files in another folder are the same model, and other files in the same
 * folder are another one.
 *
 * <p>Of weights, tokenizer, pooling, layers, prompts and dimensions, the fingerprint is a checksum.
 * Precision, engine and the number of tokens that are read are no part of it: they change vectors
 * so little that they can be compared. Of a model on a server, whose files nobody sees, the
 * fingerprint is made of its vectors ({@link ProbeFingerprint}).
 *
 * @param name of a folder, an archive, or a server's model
 * @param fingerprint empty where only a name is known
 * @param asOlderVersions whether versions of this program that stored the name alone have computed
 *     the same vectors
 */
public record ModelIdentity(String name, String fingerprint, boolean asOlderVersions)
    implements Serializable {

  private static final Pattern STORED = Pattern.compile("(.*)@([0-9a-f]{16}|probe-[0-9a-f-]+)");

  /** Returns the identity of a model of which the name alone is known. */
  public static ModelIdentity named(String name) {
    return new ModelIdentity(name, "", true);
  }

  /** Returns the identity in the form that {@link #toString} gives, and that is stored. */
  public static ModelIdentity ofStored(String stored) {
    Matcher parts = STORED.matcher(stored);
    return parts.matches()
        ? new ModelIdentity(parts.group(1), parts.group(2), false)
        : named(stored);
  }

  /** Returns whether this model's vectors can be compared with those of a stored identity. */
  public boolean made(String stored) {
    Matcher parts = STORED.matcher(stored);
    if (!parts.matches()) {
      return asOlderVersions && stored.equals(name);
    }
    String other = parts.group(2);
    return other.equals(fingerprint) || ProbeFingerprint.areNear(other, fingerprint);
  }

  /** Returns why it is another one although it has the same name; empty where it has not. */
  public Optional<String> despiteItsName(String stored) {
    if (made(stored)) {
      return Optional.empty();
    }
    Matcher parts = STORED.matcher(stored);
    if (!parts.matches()) {
      return stored.equals(name)
          ? Optional.of(
              "an older version of this program, which took no notice of prompts, pooling, layers and dimensions, made those vectors")
          : Optional.empty();
    }
    return parts.group(1).equals(name)
        ? Optional.of(
            "its files, or what is set of its prompts, pooling and dimensions, are others now")
        : Optional.empty();
  }

  /** Returns the form that is stored. */
  @Override
  public String toString() {
    return fingerprint.isEmpty() ? name : name + "@" + fingerprint;
  }
}
