package io.vectorstream.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.catalog.LoadCounts;
import io.vectorstream.shop.RowProblem;
import io.vectorstream.shop.RowProblems;
import io.vectorstream.store.ProductHit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tables and errors show a product's text, and a row stays a row. */
class HostileProductTest {
  private static final String ATTACK = "\u001b[2J\u001b]0;owned\u0007\u009b8m\u202e\rx\nforged";
  private static final String SHOWN =
      "\\u001b[2J\\u001b]0;owned\\u0007\\u009b8m\\u202e\\rx\\nforged";

  private final StringWriter out = new StringWriter();

  @Test
  void of_a_product_that_is_found() {
    ProductTable.print(
        new PrintWriter(out), List.of(new ProductHit(ATTACK, ATTACK, ATTACK, 1, 1)), false);

    assertThat(out.toString().lines()).hasSize(2);
    assertThat(out.toString())
        .contains(SHOWN.substring(0, 49) + "…  ", SHOWN.substring(0, 29) + "…  ", SHOWN + "\n")
        .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\r");
  }

  @Command(name = "fail")
  private static final class Failing implements Callable<Integer> {
    @Option(names = "--count")
    private int count;

    @Override
    public Integer call() {
      throw new IllegalStateException("there is no product '" + ATTACK + "'");
    }
  }

  @Test
  void of_a_product_that_a_failure_names() {
    assertThat(error()).isEqualTo("there is no product '" + SHOWN + "'\n");
  }

  @Test
  void of_a_value_that_an_option_refuses() {
    assertThat(error("--count", ATTACK))
        .contains("\\u001b[2J")
        .doesNotContain("\u001b", "\u009b", "\nforged");
  }

  private String error(String... arguments) {
    CommandErrors.install(new CommandLine(new Failing()))
        .setErr(new PrintWriter(out, true))
        .execute(arguments);
    return out.toString();
  }

  @Test
  void of_a_row_that_is_not_loaded() {
    RowProblems problems = new RowProblems();
    problems.accept(new RowProblem(7, "no price: " + ATTACK));
    LoadSummary summary =
        new LoadSummary("f.csv", "CSV", true, new LoadCounts(1, 0, 0, 0, 0, 1), 0, 1, problems);
    PrintWriter err = new PrintWriter(out, true);
    summary.printProblems(err);
    assertThat(out.toString()).startsWith("f.csv, line 7: no price: " + SHOWN + "\n");
  }
}
