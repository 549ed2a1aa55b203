package io.vectorstream.reports.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The files of a report, embedded in its HTML so that a later report can read them. */
public final class EmbeddedResults {
  static final String FILES = "files";
  static final String NAME = "name";
  static final String CONTENT = "content";

  private static final String START =
      "<script type=\"application/json\" id=\"vectorstream-results\">";
  private static final String END = "</script>";

  private EmbeddedResults() {}

  /** Returns the element for the HTML of a report. */
  public static String element(List<ResultFile> files) {
    ObjectNode data = new ObjectMapper().createObjectNode().put("schema", 1).put("kind", "report");
    ArrayNode array = data.putArray(FILES);
    for (ResultFile file : files) {
      array.addObject().put(NAME, file.name()).set(CONTENT, file.content());
    }
    return START + ScriptJson.escape(data.toString()) + END;
  }

  /** Returns the JSON in a report's HTML; empty if it is not one. */
  static Optional<String> in(String html) {
    int start = html.indexOf(START);
    int end = html.indexOf(END, Math.max(0, start));
    return start < 0 || end < 0
        ? Optional.empty()
        : Optional.of(html.substring(start + START.length(), end));
  }
}
