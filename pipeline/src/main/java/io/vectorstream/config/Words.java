package io.vectorstream.config;

import jakarta.validation.constraints.Pattern;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hibernate.validator.constraints.Range;

/**
 * The words of products, by which hybrid search finds them beside their meaning.
 *
 * @param enabled whether points of products have them, and searches for a text use them
 * @param languages of names and descriptions, with commas between
 * @param averageLength words of a product on average, each counted by the weight of its field
 */
public record Words(
    boolean enabled,
    @Pattern(regexp = LANGUAGE + "(\\s*,\\s*" + LANGUAGE + ")*", message = LANGUAGES_EXPECTED)
        String languages,
    @Range(min = 1, max = 1_000_000, message = "must be a number from 1 to 1000000")
        double averageLength)
    implements Serializable {

  private static final String LANGUAGE =
      "(ar|bg|cjk|cs|da|de|el|en|es|fi|fr|hu|it|nl|no|none|pt|ro|ru|sv|tr)";
  private static final String LANGUAGES_EXPECTED =
      "must be ar, bg, cjk, cs, da, de, el, en, es, fi, fr, hu, it, nl, no, none, pt, ro, ru, sv or"
          + " tr, or several of them with commas between";

  /** A language, or a group of them that is read in the same way. */
  public enum Language {
    AR,
    BG,
    /** Chinese, Japanese and Korean. */
    CJK,
    CS,
    DA,
    DE,
    EL,
    EN,
    ES,
    FI,
    FR,
    HU,
    IT,
    NL,
    NO,
    /** Any other: words count as they are. */
    NONE,
    PT,
    RO,
    RU,
    SV,
    TR
  }

  /** Returns the languages, each once. */
  public List<Language> list() {
    return Arrays.stream(languages.split(","))
        .map(code -> Language.valueOf(code.strip().toUpperCase(Locale.ROOT)))
        .distinct()
        .toList();
  }
}
