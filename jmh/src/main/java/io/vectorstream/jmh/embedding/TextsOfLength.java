package io.vectorstream.jmh.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts that all have the same number of tokens and are different from each other. */
public final class TextsOfLength {

  /** The words, each one token of BERT's vocabulary. */
  private static final String[] WORDS =
      ("red blue green black white silver small large heavy light warm soft round modern garden"
              + " kitchen office travel winter summer cotton leather steel glass wood paper table"
              + " chair lamp bottle shirt shoes boots hat bag box camera phone watch guitar book"
              + " knife water coffee tea bread milk sugar bath bed door window wall floor")
          .split(" ");

  /** The number of tokens that mark a text's beginning and end. */
  private static final int MARKS = 2;

  private final Random random = new Random(1);

  /**
   * @param tokens of each text, special ones included
   */
  public List<String> next(int count, int tokens) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      List<String> words = new ArrayList<>(tokens);
      for (int word = MARKS; word < tokens; word++) {
        words.add(WORDS[random.nextInt(WORDS.length)]);
      }
      texts.add(String.join(" ", words));
    }
    return texts;
  }
}
