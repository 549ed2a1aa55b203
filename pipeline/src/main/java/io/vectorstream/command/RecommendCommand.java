package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import io.vectorstream.search.ProductHit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recommends products. */
@Command(
    name = "recommend",
    mixinStandardHelpOptions = true,
    description = "Recommends products: like another product, or to a user by what that user did.")
public final class RecommendCommand implements Callable<Integer> {

  private static final class Subject {
    @Option(names = "--product", paramLabel = "ID", description = "Products like this one.")
    private String product;

    @Option(
        names = "--user",
        paramLabel = "ID",
        description = "Products near this user's interest, without what the user bought.")
    private String user;
  }

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  @Mixin private FilterOptions filter;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int limit = filter.limit();
    List<ProductHit> hits =
        StoredProducts.ask(
            options.load(),
            search ->
                subject.product != null
                    ? search.similarTo(subject.product, filter.filter(), limit)
                    : search.forUser(subject.user, filter.filter(), limit));
    ProductTable.print(spec.commandLine().getOut(), hits, json);
    return 0;
  }
}
