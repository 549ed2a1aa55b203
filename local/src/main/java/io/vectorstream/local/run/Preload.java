package io.vectorstream.local.run;

/** What of the catalogue is stored before the first event. */
public enum Preload {
  NONE,
  /** All of it, with the model's embeddings. */
  EMBEDDED,
  /** All of it, with vectors that are made up. */
  MADE_UP
}
