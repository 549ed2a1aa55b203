package io.vectorstream.embedding;

import com.google.common.hash.Hashing;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fingerprint of a model that is known by its vectors alone: of a few texts, on which side of
 * 128 random planes they are (SimHash, Charikar 2002). The bits in which two fingerprints differ
 * grow with the angle between the vectors: a server that computes in half precision differs in one
 * or two, another model in about 64.
 */
final class ProbeFingerprint {
  private static final int BITS = 128;

  /** The most bits that may differ, at an angle of about 8 degrees, a cosine of 0.99. */
  private static final int FEW = 6;

  private static final long SEED = 20_261_130;
  private static final int RECIPE_DIGITS = 8;
  private static final Pattern FORM = Pattern.compile("probe-([0-9a-f]{32})-([0-9a-f]{8})");

  private ProbeFingerprint() {}

  /**
   * @param vectors of fixed texts, always the same ones
   * @param recipe what is set of prompts and dimensions, which has to be exactly the same
   */
  static String of(List<float[]> vectors, String recipe) {
    // The numbers of java.util.Random are the same for a seed on every Java.
    Random random = new Random(SEED);
    BigInteger sides = BigInteger.ZERO;
    for (int bit = 0; bit < BITS; bit++) {
      double side = 0;
      for (float[] vector : vectors) {
        for (float value : vector) {
          side += value * random.nextGaussian();
        }
      }
      if (side > 0) {
        sides = sides.setBit(bit);
      }
    }
    return "probe-%032x-%s"
        .formatted(
            sides,
            Hashing.sha256()
                .hashString(recipe, StandardCharsets.UTF_8)
                .toString()
                .substring(0, RECIPE_DIGITS));
  }

  /** Returns whether both are such fingerprints of vectors that are nearly the same. */
  static boolean areNear(String one, String other) {
    Matcher some = FORM.matcher(one);
    Matcher others = FORM.matcher(other);
    return some.matches()
        && others.matches()
        && some.group(2).equals(others.group(2))
        && bits(some).xor(bits(others)).bitCount() <= FEW;
  }

  private static BigInteger bits(Matcher form) {
    return new BigInteger(form.group(1), 16);
  }
}
