package io.vectorstream.embedding;

import java.util.List;

/**
 * The place of a tokenizer before a server, which has its own: a text's code points stand for its
 * tokens, and become the text again before it is sent.
 */
final class CodePoints implements Tokenizer {

  @Override
  public List<long[]> tokenize(List<String> texts) {
    return texts.stream().map(text -> text.codePoints().asLongStream().toArray()).toList();
  }

  static String text(long[] codePoints) {
    StringBuilder text = new StringBuilder(codePoints.length);
    for (long codePoint : codePoints) {
      text.appendCodePoint((int) codePoint);
    }
    return text.toString();
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
