package io.vectorstream.shop;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a command that reads a catalogue file: what its content does not show. */
public final class CatalogFormatOptions {
  @Option(
      names = "--delimiter",
      paramLabel = "CHARACTER",
      converter = DelimiterText.class,
      description =
          "Between the cells of the catalogue's CSV: comma, semicolon, tab, pipe, or a character."
              + " Default: as its header shows.")
  private Character delimiter;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "Of the catalogue's text, such as windows-1254. Default: by its byte order mark, else"
              + " UTF-8 if its bytes are that, else windows-1252.")
  private Charset encoding;

  @Option(
      names = "--decimal-mark",
      paramLabel = "MARK",
      converter = DecimalMarkText.class,
      description =
          "point or comma, for prices such as 1.299, which may be read in two ways. Default: as the"
              + " first 1,000 prices show.")
  private DecimalMark decimalMark;

  @Option(
      names = "--column",
      paramLabel = "FIELD=NAME",
      description =
          "The name of the catalogue's column for id, name, description, category or price, such as"
              + " --column id=sku.")
  private Map<String, String> columns = new HashMap<>();

  @Option(
      names = "--keep-html",
      description = "Take the catalogue's texts as they are, in place of the text of their HTML.")
  private boolean keepsHtml;

  /**
   * Returns what is known of the file.
   *
   * @throws IllegalArgumentException if a column is named for what no product has
   */
  public CatalogFormat format() {
    return new CatalogFormat(delimiter, encoding, decimalMark, columns, keepsHtml);
  }

  /** Returns whether any of them is given. */
  public boolean isGiven() {
    return !format().equals(CatalogFormat.UNKNOWN);
  }

  static final class DelimiterText implements ITypeConverter<Character> {
    @Override
    public Character convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "comma" -> ',';
        case "semicolon" -> ';';
        case "tab", "\\t" -> '\t';
        case "pipe" -> '|';
        default -> {
          if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw new TypeConversionException(
                "is '" + text + "'; expected comma, semicolon, tab, pipe, or one character");
          }
          yield text.charAt(0);
        }
      };
    }
  }

  static final class DecimalMarkText implements ITypeConverter<DecimalMark> {
    @Override
    public DecimalMark convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "point", "." -> DecimalMark.POINT;
        case "comma", "," -> DecimalMark.COMMA;
        default -> throw new TypeConversionException("is '" + text + "'; expected point or comma");
      };
    }
  }
}
