package io.vectorstream.shop;

import com.google.common.base.CharMatcher;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of CSV, each with as many cells as the header. Its lines are put together here, as the
 * parser of cells does not go on behind a quote that is never closed: a row of several lines in
 * which one line is a product by itself is such a damage, and only its first line is given up.
 */
final class CsvRows implements CatalogRows {
  /** The limits of one row. */
  private static final int MOST_LINES = 5_000;

  private static final int MOST_CHARACTERS = 4 * TextLines.LONGEST;

  /** How far it looks ahead for where a product by itself ends, within what may be a cell. */
  private static final int LINES_OF_NEXT = 50;

  private static final CharMatcher BLANK = CharMatcher.whitespace();

  private final Reader text;
  private final TextLines lines;
  private final char delimiter;
  private final CSVFormat format;
  private final Map<String, Integer> header = new LinkedHashMap<>();

  /** The names in the header as they are written there; those that are blank are left out. */
  private final List<String> names = new ArrayList<>();

  /** The first columns that several columns of one name have. */
  private final List<String> repeated = new ArrayList<>();

  private final int width;

  /** Tells whether fields are those of a product; set when the columns are known. */
  private Predicate<RowFields> isProduct = fields -> false;

  private long line;

  /**
   * Reads the header.
   *
   * @param text buffered
   * @param delimiter null for what makes the most of the header
   */
  CsvRows(Reader text, Character delimiter) throws IOException {
    this.text = text;
    this.lines = new TextLines(text);
    Character declared = skipToHeader();
    line = lines.number();
    String first = lines.get(0) == null ? "" : lines.get(0);
    if (delimiter != null) {
      this.delimiter = delimiter;
    } else {
      this.delimiter = declared != null ? declared : CsvDelimiter.of(first);
    }
    this.format = CSVFormat.RFC4180.builder().setDelimiter(this.delimiter).get();
    this.width = readHeader(first);
  }

  /** Returns the delimiter of a line {@code sep=;}, as Excel knows it; null without one. */
  private Character skipToHeader() throws IOException {
    Character declared = null;
    for (String next = lines.get(0); next != null; next = lines.get(0)) {
      boolean isDeclaration = next.length() == 5 && next.regionMatches(true, 0, "sep=", 0, 4);
      if (!isDeclaration && !BLANK.matchesAllOf(next)) {
        break;
      }
      declared = isDeclaration ? (Character) next.charAt(4) : declared;
      lines.consume(1);
    }
    return declared;
  }

  private int readHeader(String first) throws IOException {
    int count = 1;
    CsvQuotes quotes = new CsvQuotes(delimiter, CsvQuotes.Reading.EXACT);
    quotes.add(first);
    while (quotes.isOpen() && count < LINES_OF_NEXT && lines.get(count) != null) {
      quotes.add(lines.get(count++));
    }
    int last = 0;
    try {
      List<String> written = cells(first.isEmpty() ? 0 : count);
      for (int i = 0; i < written.size(); i++) {
        String name = ColumnNames.normal(written.get(i));
        if (!ProductFields.isBlank(written.get(i))) {
          names.add(written.get(i));
        }
        if (!name.isEmpty()) {
          last = i + 1;
          if (header.putIfAbsent(name, i) != null) {
            repeated.add(name);
          }
        }
      }
    } catch (WrongRowException e) {
      throw new WrongFileException(", line " + line + ": the header " + e.getMessage());
    }
    if (!first.isEmpty()) {
      lines.consume(count);
    }
    return last;
  }

  char delimiter() {
    return delimiter;
  }

  /** Returns the names in the header, as they are written there. */
  List<String> names() {
    return names;
  }

  /** Returns the columns by their normalised names. */
  Map<String, Integer> header() {
    return header;
  }

  List<String> repeated() {
    return repeated;
  }

  void recognise(Predicate<RowFields> product) {
    this.isProduct = product;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public RowFields next() throws IOException, WrongRowException {
    while (lines.get(0) != null) {
      line = lines.number();
      int count = exact();
      if (count == 0) {
        int given = extentOfBroken();
        String reason = reasonOfBroken();
        lines.consume(given);
        throw new WrongRowException(reason, false);
      }
      List<String> cells = take(count);
      if (!cells.stream().allMatch(BLANK::matchesAllOf)) {
        return fields(checked(cells));
      }
    }
    return null;
  }

  /** Returns how many lines the row has by RFC 4180; 0 if it is broken. */
  private int exact() throws IOException {
    CsvQuotes quotes = new CsvQuotes(delimiter, CsvQuotes.Reading.EXACT);
    int count = extend(quotes, this::isProductAt);
    return quotes.isOpen() || quotes.isBroken() ? 0 : count;
  }

  /**
   * Adds lines to a row until no quote is open, or a line begins another row.
   *
   * @return the number of its lines
   */
  private int extend(CsvQuotes quotes, LineTest isNextRow) throws IOException {
    int count = 0;
    int characters = 0;
    do {
      String next = lines.get(count);
      if (next == null || TextLines.isTooLong(next)) {
        break;
      }
      characters += next.length();
      quotes.add(next);
      count++;
    } while (quotes.isOpen()
        && !quotes.isBroken()
        && count < MOST_LINES
        && characters < MOST_CHARACTERS
        && !isNextRow.test(count));
    return count;
  }

  private interface LineTest {
    boolean test(int index) throws IOException;
  }

  /** Returns whether a row begins with this line that is a product. */
  private boolean isProductAt(int index) throws IOException {
    int count = rowAt(index, CsvQuotes.Reading.EXACT);
    try {
      return count > 0 && isProduct.test(fields(cells(index, count)));
    } catch (WrongRowException e) {
      return false;
    }
  }

  private boolean isRowAt(int index) throws IOException {
    return rowAt(index, CsvQuotes.Reading.EXACT) > 0
        || rowAt(index, CsvQuotes.Reading.FORGIVING) > 0;
  }

  /** Returns how many lines the row has that begins with this one; 0 if none seems to. */
  private int rowAt(int index, CsvQuotes.Reading reading) throws IOException {
    CsvQuotes quotes = new CsvQuotes(delimiter, reading);
    int count = 0;
    do {
      String next = lines.get(index + count);
      if (next == null || TextLines.isTooLong(next)) {
        return 0;
      }
      quotes.add(next);
      count++;
    } while (quotes.isOpen() && !quotes.isBroken() && count < LINES_OF_NEXT);
    boolean isRow =
        !quotes.isOpen()
            && !quotes.isBroken()
            && !quotes.endsInBareQuote()
            && quotes.cells() == width;
    return isRow ? count : 0;
  }

  /** Returns how many lines a broken row takes. */
  private int extentOfBroken() throws IOException {
    CsvQuotes quotes = new CsvQuotes(delimiter, CsvQuotes.Reading.FORGIVING);
    int count = extend(quotes, this::isRowAt);
    if (!quotes.isOpen()) {
      return Math.max(1, count);
    }
    boolean isWholeInOneLine = CharMatcher.is(delimiter).countIn(lines.get(0)) + 1 >= width;
    boolean endsBehind = lines.get(count) == null || isRowAt(count);
    return isWholeInOneLine || !endsBehind ? 1 : count;
  }

  private String reasonOfBroken() throws IOException {
    String first = lines.get(0);
    if (TextLines.isTooLong(first)) {
      return "is longer than %,d characters".formatted(TextLines.LONGEST);
    }
    CsvQuotes quotes = new CsvQuotes(delimiter, CsvQuotes.Reading.EXACT);
    extend(quotes, this::isProductAt);
    return quotes.isBroken()
        ? "is not CSV: text follows a closing quote; expected a quote within a cell to be doubled"
        : "is not CSV: a quote is not closed; expected a quote within a cell to be doubled";
  }

  private List<String> take(int count) throws IOException, WrongRowException {
    try {
      return cells(count);
    } finally {
      lines.consume(count);
    }
  }

  private List<String> checked(List<String> cells) throws WrongRowException {
    boolean hasMore =
        cells.size() > width
            && !cells.subList(width, cells.size()).stream().allMatch(BLANK::matchesAllOf);
    if (cells.size() < width || hasMore) {
      throw new WrongRowException(
          "has %d cells, the header %d; expected a cell with the delimiter in it to be quoted"
              .formatted(cells.size(), width),
          false);
    }
    return cells;
  }

  private RowFields fields(List<String> cells) {
    return name -> {
      Integer column = header.get(name);
      return column == null || column >= cells.size() ? null : cells.get(column);
    };
  }

  private List<String> cells(int count) throws IOException, WrongRowException {
    return cells(0, count);
  }

  private List<String> cells(int from, int count) throws IOException, WrongRowException {
    StringBuilder row = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      row.append(i == from ? "" : "\n").append(lines.get(i));
    }
    try (CSVParser parser = CSVParser.parse(row.toString(), format)) {
      Iterator<CSVRecord> records = parser.iterator();
      return records.hasNext() ? records.next().toList() : List.of();
    } catch (UncheckedIOException e) {
      throw new WrongRowException("is not CSV: " + e.getCause().getMessage(), false);
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
