package io.vectorstream.it.rapids;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A physical plan as the RAPIDS Accelerator explains it in the log: a line for each operator and,
 * below it, each of its expressions.
 */
record ExplainedPlan(List<Line> lines) {
  private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\S+ +[A-Z]+ .*");
  private static final Pattern EXPLANATION = Pattern.compile(".* c\\.n\\.s\\.r\\.GpuOverrides: *");
  private static final Pattern LINE =
      Pattern.compile(
          "( *)([!*@^#$]) ?(?:[A-Za-z]+ )?<(\\w+)> ?(.*?) ?(?:will|could|cannot) run on GPU"
              + "( via CPU bridge)?(?: because (.*))?");

  enum Place {
    GPU,
    /** On the CPU, called from an operator on the GPU. */
    BRIDGE,
    CPU;

    @JsonValue
    String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param operator the operator that it is, or belongs to
   * @param name its class in Spark
   * @param text as Spark writes it; empty for an operator
   * @param why it is not on the GPU; empty if it is
   */
  record Line(int depth, String operator, String name, String text, Place place, String why) {
    boolean isOperator() {
      return name.equals(operator);
    }
  }

  /** Every explanation in a log, in its order. */
  static List<ExplainedPlan> read(List<String> log) {
    List<ExplainedPlan> plans = new ArrayList<>();
    List<Line> lines = null;
    for (String text : log) {
      if (LOG_LINE.matcher(text).matches()) {
        lines = null;
        if (EXPLANATION.matcher(text).matches()) {
          lines = new ArrayList<>();
          plans.add(new ExplainedPlan(lines));
        }
      } else if (lines != null && !text.isBlank()) {
        lines.add(line(text, lines));
      }
    }
    return plans;
  }

  private static Line line(String text, List<Line> before) {
    Matcher parts = LINE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a line of an explanation: " + text);
    }
    String name = parts.group(3);
    String why = parts.group(6) == null ? "" : parts.group(6);
    return new Line(
        parts.group(1).length() / 2,
        name.endsWith("Exec") ? name : before.get(before.size() - 1).operator(),
        name,
        parts.group(4),
        place(parts.group(2), parts.group(5) != null),
        why);
  }

  private static Place place(String mark, boolean bridged) {
    if (bridged) {
      return Place.BRIDGE;
    }
    return mark.equals("*") ? Place.GPU : Place.CPU;
  }

  boolean has(String operator) {
    return lines.stream().anyMatch(line -> line.name().equals(operator));
  }

  /** From the last to the first, as data flows from the last to the first line. */
  List<Line> operators() {
    return lines.stream().filter(Line::isOperator).toList();
  }
}
