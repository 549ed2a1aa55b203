package io.vectorstream.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The rows of a file that are not loaded: how many, and the first of them. */
public final class RowProblems implements Consumer<RowProblem> {
  private static final int KEPT = 10;

  private final List<RowProblem> first = new ArrayList<>();
  private long count;

  @Override
  public void accept(RowProblem problem) {
    count++;
    if (first.size() < KEPT) {
      first.add(problem);
    }
  }

  /** Returns the first of them. */
  public List<RowProblem> first() {
    return List.copyOf(first);
  }

  /**
   * Returns what people are told of them: a line for each of the first, and how many there are.
   *
   * @param shown makes a reason fit for a terminal
   */
  public List<String> lines(String file, UnaryOperator<String> shown) {
    List<String> lines = new ArrayList<>();
    for (RowProblem problem : first) {
      lines.add("%s, line %d: %s".formatted(file, problem.line(), shown.apply(problem.reason())));
    }
    if (count > first.size()) {
      lines.add("and %,d more".formatted(count - first.size()));
    }
    if (count > 0) {
      lines.add("%,d rows were not loaded".formatted(count));
    }
    return lines;
  }
}
