package io.vectorstream.command;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file with the values of records: one a line or, in JSON over several lines, a single one. */
final class RecordFile {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final byte[] content;

  interface Action {
    void accept(int line, byte[] value);
  }

  RecordFile(Path file) throws IOException {
    this.content = Files.readAllBytes(file);
  }

  /** Passes on at most so many values with the numbers of their lines; blank lines are none. */
  void forEach(int most, Action action) {
    if (isOneValue()) {
      action.accept(1, content);
      return;
    }
    int line = 0;
    int passed = 0;
    for (int begin = 0; begin < content.length && passed < most; ) {
      int end = endOfLine(begin);
      byte[] value = Arrays.copyOfRange(content, begin, end);
      line++;
      if (!isBlank(value)) {
        action.accept(line, value);
        passed++;
      }
      begin = end + 1;
    }
  }

  private int endOfLine(int begin) {
    int end = begin;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean isOneValue() {
    try {
      return !isBlank(content) && JSON.readTree(content) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b < 0 || b > ' ') {
        return false;
      }
    }
    return true;
  }
}
