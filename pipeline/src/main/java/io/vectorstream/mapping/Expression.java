package io.vectorstream.mapping;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rule for a field: alternatives with {@code |} between them, of which the first that is there
 * counts. An alternative may have a condition: {@code =purchase if order_number}. An event's id may
 * have several parts, with {@code +} between them.
 */
final class Expression implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern PLUS = Pattern.compile("\\s\\+\\s");
  private static final Pattern OR = Pattern.compile("\\s\\|\\s");
  private static final Pattern IF = Pattern.compile("\\sif\\s");

  /**
   * @param condition null for none
   */
  private record Choice(Source source, Condition condition) implements Serializable {

    static Choice parse(String text) {
      String[] parts = IF.split(text, 2);
      return new Choice(
          Source.parse(parts[0].strip()),
          parts.length == 1 ? null : Condition.parse(parts[1].strip()));
    }

    Stream<Source> sources() {
      return condition == null
          ? Stream.of(source)
          : Stream.concat(Stream.of(source), condition.sources());
    }
  }

  /** A value that is there, and where it comes from. */
  record Found(JsonNode value, Source source) {}

  private final String text;
  private final List<List<Choice>> parts;

  private Expression(String text, List<List<Choice>> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * @throws IllegalArgumentException if it is none, with what was expected
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Expression parse(String text) {
    // A sign at the beginning or at the end has a blank on one side only.
    String padded = " " + text + " ";
    return new Expression(
        text, Arrays.stream(PLUS.split(padded, -1)).map(Expression::choices).toList());
  }

  private static List<Choice> choices(String part) {
    return Arrays.stream(alternatives(part)).map(choice -> Choice.parse(choice.strip())).toList();
  }

  /**
   * Returns the texts that have {@code |} between them.
   *
   * @throws IllegalArgumentException if one of them is blank
   */
  static String[] alternatives(String text) {
    // A sign at the beginning or at the end has a blank on one side only.
    String[] alternatives = OR.split(" " + text + " ", -1);
    if (Arrays.stream(alternatives).anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "'"
              + text.strip()
              + "' has nothing before or behind a sign; expected a path,"
              + " such as items[].price, or a constant, such as =card");
    }
    return alternatives;
  }

  boolean hasSeveralParts() {
    return parts.size() > 1;
  }

  /** Returns the value of an expression of one part; null if there is none. */
  Found find(Scope scope, AbsentValues absent) {
    return find(parts.get(0), scope, absent);
  }

  /** Returns the values of its parts; null if one of them is not there. */
  List<Found> findAll(Scope scope, AbsentValues absent) {
    Found[] all = new Found[parts.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = find(parts.get(i), scope, absent);
      if (all[i] == null) {
        return null;
      }
    }
    return List.of(all);
  }

  private static Found find(List<Choice> choices, Scope scope, AbsentValues absent) {
    for (Choice choice : choices) {
      if (choice.condition() == null || choice.condition().holds(scope, absent)) {
        JsonNode value = absent.orNull(choice.source().in(scope));
        if (value != null) {
          return new Found(value, choice.source());
        }
      }
    }
    return null;
  }

  /** Returns every source that it may look at. */
  Stream<Source> sources() {
    return parts.stream().flatMap(List::stream).flatMap(Choice::sources);
  }

  @Override
  public String toString() {
    return text;
  }
}
