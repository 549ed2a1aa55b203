package io.vectorstream.embedding;

import java.util.List;

/** The conversion of texts to what a model takes. */
interface Tokenizer extends AutoCloseable {

  /** Returns each text's token ids, special ones included, without padding. */
  List<long[]> tokenize(List<String> texts);

  @Override
  void close();
}
