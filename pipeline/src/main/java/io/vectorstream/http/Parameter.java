package io.vectorstream.http;

import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One parameter of an endpoint: its parsing, its limits, and its documentation.
 *
 * @param name as in the query, or between braces in the path
 * @param location path or query
 * @param description one sentence
 * @param required whether a request without it is refused
 * @param fallback its value where it is left out; null if there is none
 * @param schema makes its entry in the OpenAPI document
 * @param reader returns the value of a text; throws {@link IllegalArgumentException} with what was
 *     expected, to follow the parameter's name
 */
record Parameter<T>(
    String name,
    Location location,
    String description,
    boolean required,
    T fallback,
    Supplier<Schema<?>> schema,
    Function<String, T> reader) {

  enum Location {
    QUERY,
    PATH
  }

  /** Returns a parameter in the path: the id of a product or a user, as in the shop's events. */
  static Parameter<String> id(String name, String description) {
    return new Parameter<>(
        name,
        Location.PATH,
        description,
        true,
        null,
        () -> new StringSchema().minLength(1).maxLength(LONGEST_ID),
        text -> unchanged(text, LONGEST_ID));
  }

  private static final int LONGEST_ID = 1000;

  static Parameter<String> text(String name, int longest, String description) {
    return query(
        name,
        description,
        () -> new StringSchema().minLength(1).maxLength(longest),
        text -> text(text, longest));
  }

  private static String text(String text, int longest) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is blank; expected a text");
    }
    return unchanged(text, longest);
  }

  private static String unchanged(String text, int longest) {
    if (text.codePointCount(0, text.length()) > longest) {
      throw new IllegalArgumentException(
          "has %,d characters; expected %,d at most"
              .formatted(text.codePointCount(0, text.length()), longest));
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
      throw new IllegalArgumentException("has a control character; expected a text");
    }
    return text;
  }

  static Parameter<Integer> number(String name, int least, int most, String description) {
    return query(
        name,
        description,
        () ->
            new IntegerSchema()
                .minimum(BigDecimal.valueOf(least))
                .maximum(BigDecimal.valueOf(most)),
        text -> {
          try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
              return number;
            }
          } catch (NumberFormatException e) {
            // The exception below says so.
          }
          throw new IllegalArgumentException(
              "is %s; expected a whole number from %,d to %,d".formatted(shown(text), least, most));
        });
  }

  static Parameter<Long> offset(String name, String description) {
    return query(
        name,
        description,
        () -> new IntegerSchema().format("int64").minimum(BigDecimal.ZERO),
        text -> {
          try {
            long number = Long.parseLong(text);
            if (number >= 0) {
              return number;
            }
          } catch (NumberFormatException e) {
            // The exception below says so.
          }
          throw new IllegalArgumentException(
              "is %s; expected a whole number, 0 or more".formatted(shown(text)));
        });
  }

  /** Returns a parameter that is a finite number between two others. */
  static Parameter<Double> decimal(String name, double least, double most, String description) {
    return query(
        name,
        description,
        () -> {
          Schema<?> schema = new NumberSchema().minimum(BigDecimal.valueOf(least));
          return most == Double.MAX_VALUE ? schema : schema.maximum(BigDecimal.valueOf(most));
        },
        text -> {
          try {
            double number = Double.parseDouble(text);
            // NaN is refused, and so is Java's own spelling of it, or of 1.5f.
            if (number >= least && number <= most && text.matches("[-+.\\deE]+")) {
              return number;
            }
          } catch (NumberFormatException e) {
            // The exception below says so.
          }
          throw new IllegalArgumentException(
              "is %s; expected a number %s"
                  .formatted(
                      shown(text),
                      most == Double.MAX_VALUE
                          ? "of " + plain(least) + " or more"
                          : "from " + plain(least) + " to " + plain(most)));
        });
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** Returns a parameter that is true or false. */
  static Parameter<Boolean> flag(String name, String description) {
    return query(
        name,
        description,
        BooleanSchema::new,
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(
                "is %s; expected true or false".formatted(shown(text)));
          }
          return text.equals("true");
        });
  }

  /** Returns a parameter that is one of some words. */
  static <E extends Enum<E>> Parameter<E> choice(String name, Class<E> of, String description) {
    List<String> words = Arrays.stream(of.getEnumConstants()).map(Parameter::word).toList();
    return query(
        name,
        description,
        () -> new StringSchema()._enum(words),
        text ->
            Arrays.stream(of.getEnumConstants())
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "is %s; expected %s"
                                .formatted(shown(text), String.join(" or ", words)))));
  }

  /** Returns a parameter that is a list of some words, with commas between. */
  static <E extends Enum<E>> Parameter<List<E>> choices(
      String name, Class<E> of, String description) {
    Parameter<E> one = choice(name, of, description);
    return query(
        name,
        description,
        () -> {
          @SuppressWarnings("unchecked")
          Schema<Object> item = (Schema<Object>) one.schema().get();
          return new ArraySchema().items(item);
        },
        text -> Arrays.stream(text.split(",", -1)).map(one.reader()).collect(Collectors.toList()));
  }

  /** Returns a parameter that is a list of ids, with commas between. */
  static Parameter<List<String>> ids(String name, int most, String description) {
    return query(
        name,
        description,
        () -> new ArraySchema().items(new StringSchema().minLength(1)).maxItems(most),
        text -> {
          List<String> ids =
              Arrays.stream(text.split(","))
                  .filter(id -> !id.isBlank())
                  .map(id -> unchanged(id, LONGEST_ID))
                  .distinct()
                  .toList();
          if (ids.isEmpty() || ids.size() > most) {
            throw new IllegalArgumentException(
                "has %,d ids; expected 1 to %,d".formatted(ids.size(), most));
          }
          return ids;
        });
  }

  static <T> Parameter<T> query(
      String name, String description, Supplier<Schema<?>> schema, Function<String, T> reader) {
    return new Parameter<>(name, Location.QUERY, description, false, null, schema, reader);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Returns the part of a given value that is worth quoting. */
  static String shown(String text) {
    return "'" + (text.length() <= 40 ? text : text.substring(0, 39) + "…") + "'";
  }

  Parameter<T> mandatory() {
    return new Parameter<>(name, location, description, true, null, schema, reader);
  }

  Parameter<T> or(T value) {
    return new Parameter<>(name, location, description, false, value, schema, reader);
  }
}
