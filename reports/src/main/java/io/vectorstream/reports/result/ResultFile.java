package io.vectorstream.reports.result;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A file of results.
 *
 * @param name without its folder
 * @param content all of it, as it was read
 */
public record ResultFile(String name, JsonNode content, Result result) {

  /** Returns the file of a result that has just been measured. */
  public static ResultFile of(String name, Result result) {
    return new ResultFile(name, ResultJson.MAPPER.valueToTree(result), result);
  }

  /** Returns the name without its ending. */
  public String stem() {
    return name.replaceFirst("\\.json$", "");
  }
}
