package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.process.Printable;
import io.vectorstream.search.Recommendations;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that recommends products. */
@Command(
    name = "recommend",
    mixinStandardHelpOptions = true,
    description = {
      "Recommends products: like another product, to a user by what that user did, or what is in"
          + " demand now.",
      "Scores are cosine similarities; for what is trending, they are counts of what was done with"
          + " a product, each action weighed and counting half as much an hour later; for what goes"
          + " together, they are numbers of users, who count half as much after"
          + " interest.pairs.half_life."
    })
public final class RecommendCommand implements Callable<Integer> {

  private static final class Subject {
    @Option(names = "--product", paramLabel = "ID", description = "Products like this one.")
    private String product;

    @Option(
        names = "--user",
        paramLabel = "ID",
        description =
            "Products near this user's interest, without what the user has seen or bought; what is"
                + " trending for a user of whom nothing is known.")
    private String user;

    @Option(
        names = "--together-with",
        paramLabel = "ID",
        split = ",",
        description =
            "Products that users bought, or put in the cart, together with this one, or with all of"
                + " these with commas between.")
    private List<String> together;

    @Option(names = "--trending", description = "Products that are in demand now.")
    private boolean trending;
  }

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  @Option(
      names = "--diversity",
      paramLabel = "0..1",
      description =
          "How much variety counts against likeness; 0 for the nearest products, however alike they"
              + " are. Default: the setting recommend.diversity.")
  private Double diversity;

  @Option(
      names = "--seen-again",
      description = "Recommend also what the user has seen, but not bought.")
  private boolean seenAgain;

  @Mixin private FilterOptions filter;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (diversity != null && !(diversity >= 0 && diversity <= 1)) {
      throw new IllegalArgumentException("--diversity is " + diversity + ", expected 0 to 1");
    }
    int limit = filter.limit();
    Settings settings = options.load();
    print(
        StoredProducts.recommend(
            settings,
            recommender ->
                ask(
                    recommender,
                    filter.filter(),
                    limit,
                    diversity != null ? diversity : settings.recommend().diversity())));
    return 0;
  }

  private Recommendations ask(
      Recommender recommender, SearchFilter wanted, int limit, double variety) {
    if (subject.user != null) {
      return recommender.forUser(subject.user, wanted, limit, variety, seenAgain);
    }
    if (subject.together != null) {
      return new Recommendations(
          Strategy.TOGETHER, recommender.together(subject.together, wanted, limit));
    }
    return subject.product != null
        ? new Recommendations(
            Strategy.SIMILAR, recommender.forProduct(subject.product, wanted, limit, variety))
        : new Recommendations(Strategy.TRENDING, recommender.trending(wanted, limit));
  }

  private void print(Recommendations found) {
    PrintWriter out = spec.commandLine().getOut();
    if (subject.user != null && found.strategy() == Strategy.TRENDING) {
      // Beside JSON, which is for a program.
      PrintWriter words = json ? spec.commandLine().getErr() : out;
      words.println(
          "User '"
              + Printable.text(subject.user, 80)
              + "' has shown no interest in anything yet; this is what is trending:");
      words.flush();
    }
    List<ProductHit> hits = found.products();
    ProductTable.print(out, hits, json);
  }
}
