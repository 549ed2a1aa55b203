package io.vectorstream.jmh.embedding;

import java.util.List;

/** What embeds texts: this project's service or another's class. */
interface EmbeddingProgram extends AutoCloseable {

  /** A vector for each text, computed anew by every call. */
  List<float[]> embed(List<String> texts);

  @Override
  void close();
}
