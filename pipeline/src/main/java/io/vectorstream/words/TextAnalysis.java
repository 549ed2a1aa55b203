package io.vectorstream.words;

import io.vectorstream.config.Words.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The division of a text into terms. Pieces with a digit are {@link PartNumber}s; all other text is
 * read once in each language. Every language has its own stems, so a term counts as often as in the
 * language that finds it most often. Any number of threads may use it.
 */
final class TextAnalysis {

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  /** Two or more words that hyphens join: {@code wi-fi} is found by {@code wifi}, too. */
  private static final Pattern COMPOUND = Pattern.compile("\\p{L}+([-\u2010\u2011]\\p{L}+)+");

  private static final Pattern HYPHEN = Pattern.compile("[-\u2010\u2011]");

  /** The characters of a text that are read; no more of it is found. */
  static final int LONGEST = 20_000;

  private final List<Analyzer> languages;

  TextAnalysis(List<Language> languages) {
    this.languages = languages.stream().map(LanguageAnalyzers::of).toList();
  }

  /** Returns the pieces of a text that are between blanks. */
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (String piece : BLANKS.split(text)) {
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /**
   * Returns the terms of the first {@value #LONGEST} characters of a text.
   *
   * @param text null for none
   */
  Terms terms(String text) {
    Map<String, Integer> counts = new HashMap<>();
    if (text == null) {
      return new Terms(counts, 0);
    }
    StringBuilder prose = new StringBuilder(text.length());
    int partNumbers = 0;
    for (String piece : pieces(text.substring(0, Math.min(LONGEST, text.length())))) {
      if (PartNumber.is(piece)) {
        Set<String> terms = PartNumber.terms(piece);
        terms.forEach(term -> counts.merge(term, 1, Integer::sum));
        partNumbers++;
      } else {
        prose.append(piece).append(' ');
        if (COMPOUND.matcher(piece).matches()) {
          prose.append(HYPHEN.matcher(piece).replaceAll("")).append(' ');
        }
      }
    }
    Terms words = words(prose.toString());
    words.counts().forEach((term, count) -> counts.merge(term, count, Integer::sum));
    return new Terms(counts, words.length() + partNumbers);
  }

  private Terms words(String prose) {
    Map<String, Integer> most = new HashMap<>();
    int length = 0;
    for (Analyzer language : languages) {
      Map<String, Integer> counts = counts(language, prose);
      counts.forEach((term, count) -> most.merge(term, count, Math::max));
      length = Math.max(length, counts.values().stream().mapToInt(Integer::intValue).sum());
    }
    return new Terms(most, length);
  }

  private static Map<String, Integer> counts(Analyzer language, String prose) {
    Map<String, Integer> counts = new HashMap<>();
    try (TokenStream tokens = language.tokenStream("", prose)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        counts.merge(folded(term), 1, Integer::sum);
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  /** Returns a term without accents, which people leave out when they search. */
  private static String folded(CharTermAttribute term) {
    // A character becomes four at most.
    char[] folded = new char[4 * term.length()];
    int length = ASCIIFoldingFilter.foldToASCII(term.buffer(), 0, folded, 0, term.length());
    return new String(folded, 0, length);
  }
}
