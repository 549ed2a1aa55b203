package io.vectorstream.words;

import io.vectorstream.config.Words.Language;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/** Lucene's analyzers of languages: tokens by Unicode's rules, stop words left out, stems. */
final class LanguageAnalyzers {

  private LanguageAnalyzers() {}

  static Analyzer of(Language language) {
    return switch (language) {
      case AR -> new ArabicAnalyzer();
      case BG -> new BulgarianAnalyzer();
      case CJK -> new CJKAnalyzer();
      case CS -> new CzechAnalyzer();
      case DA -> new DanishAnalyzer();
      case DE -> new GermanAnalyzer();
      case EL -> new GreekAnalyzer();
      case EN -> new EnglishAnalyzer();
      case ES -> new SpanishAnalyzer();
      case FI -> new FinnishAnalyzer();
      case FR -> new FrenchAnalyzer();
      case HU -> new HungarianAnalyzer();
      case IT -> new ItalianAnalyzer();
      case NL -> new DutchAnalyzer();
      case NO -> new NorwegianAnalyzer();
      case NONE -> new StandardAnalyzer();
      case PT -> new PortugueseAnalyzer();
      case RO -> new RomanianAnalyzer();
      case RU -> new RussianAnalyzer();
      case SV -> new SwedishAnalyzer();
      case TR -> new TurkishAnalyzer();
    };
  }
}
