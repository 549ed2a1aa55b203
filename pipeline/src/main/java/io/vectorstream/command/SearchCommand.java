package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that finds products by the meaning of a text. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Finds the products in Qdrant whose text is nearest in meaning to the one given.")
public final class SearchCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "TEXT",
      description = "What to look for: \"waterproof hiking boots\".")
  private List<String> words;

  @Mixin private FilterOptions filter;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String text = String.join(" ", words);
    if (text.isBlank()) {
      throw new IllegalArgumentException("there is nothing to look for: the text is blank");
    }
    int limit = filter.limit();
    ProductTable.print(
        spec.commandLine().getOut(),
        StoredProducts.search(
            options.load(), search -> search.byText(text, filter.filter(), limit)),
        json);
    return 0;
  }
}
