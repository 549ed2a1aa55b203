package io.vectorstream.generator;

import java.util.SplittableRandom;

/** Independent random numbers for each part of the model, all from one seed. */
final class Seeds {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /** Mixes the bits one-to-one: MurmurHash3's finaliser in David Stafford's variant 13. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Returns the seed of the part with this number. */
  static long derive(long seed, long part) {
    return mix(mix(seed + GOLDEN_GAMMA) + part * GOLDEN_GAMMA);
  }

  static SplittableRandom random(long seed, long part) {
    return new SplittableRandom(derive(seed, part));
  }
}
