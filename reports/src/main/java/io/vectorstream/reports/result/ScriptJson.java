package io.vectorstream.reports.result;

/** JSON inside a script element of HTML, where {@code </script>} in a text would end it. */
public final class ScriptJson {
  private ScriptJson() {}

  /** Returns the same JSON without any character that HTML reads there. */
  public static String escape(String json) {
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }
}
