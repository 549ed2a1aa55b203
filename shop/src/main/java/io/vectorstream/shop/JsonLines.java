package io.vectorstream.shop;

import java.io.IOException;
import java.io.Reader;

/** The rows of a file with one JSON object a line. */
final class JsonLines implements CatalogRows {
  private final Reader text;
  private final TextLines lines;
  private long line;

  JsonLines(Reader text) {
    this.text = text;
    this.lines = new TextLines(text);
  }

  @Override
  public RowFields next() throws IOException, WrongRowException {
    String json = take();
    while (json != null && json.isBlank()) {
      json = take();
    }
    if (json == null) {
      return null;
    }
    if (TextLines.isTooLong(json)) {
      throw new WrongRowException(
          "is longer than %,d characters".formatted(TextLines.LONGEST), false);
    }
    return JsonRow.of(json);
  }

  private String take() throws IOException {
    line = lines.number();
    String next = lines.get(0);
    if (next != null) {
      lines.consume(1);
    }
    return next;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
