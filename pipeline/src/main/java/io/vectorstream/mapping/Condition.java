package io.vectorstream.mapping;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A condition on a record, or on one of its elements: {@code test} (there is such a value), {@code
 * not user.id}, {@code kind = order}, {@code kind != order}. In place of one path there may be
 * several with {@code |} between them, of which the first that is there counts: {@code not sku |
 * title} holds where there is neither.
 */
final class Condition implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern COMPARISON = Pattern.compile("(.+?)\\s(!?=)\\s(.+)");
  private static final String NOT = "not ";

  private final String text;
  private final List<Source> sources;

  /** The text to compare with; null if it is asked whether there is a value. */
  private final String expected;

  private final boolean negated;

  private Condition(String text, String sources, String expected, boolean negated) {
    this.text = text;
    this.sources =
        Arrays.stream(Expression.alternatives(sources))
            .map(String::strip)
            .map(Source::parse)
            .toList();
    this.expected = expected == null ? null : expected.strip();
    this.negated = negated;
  }

  /**
   * @throws IllegalArgumentException if it is no condition
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Condition parse(String text) {
    Matcher comparison = COMPARISON.matcher(text);
    if (comparison.matches()) {
      return new Condition(
          text, comparison.group(1), comparison.group(3), comparison.group(2).equals("!="));
    }
    return text.startsWith(NOT)
        ? new Condition(text, text.substring(NOT.length()), null, true)
        : new Condition(text, text, null, false);
  }

  boolean holds(Scope scope, AbsentValues absent) {
    JsonNode value = null;
    for (int i = 0; i < sources.size() && value == null; i++) {
      value = absent.orNull(sources.get(i).in(scope));
    }
    boolean holds =
        expected == null ? value != null : value != null && value.asText().equals(expected);
    return holds != negated;
  }

  /** Returns every source that it may look at. */
  Stream<Source> sources() {
    return sources.stream();
  }

  @Override
  public String toString() {
    return text;
  }
}
