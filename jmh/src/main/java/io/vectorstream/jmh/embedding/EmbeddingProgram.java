package io.vectorstream.jmh.embedding;

import java.util.List;

/** A program that embeds texts: this project's service or another's class. */
interface EmbeddingProgram extends AutoCloseable {

  /** Returns a vector for each text; every call computes it again. */
  List<float[]> embed(List<String> texts);

  @Override
  void close();
}
