package io.vectorstream.command;

import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.catalog.CatalogModels;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.CatalogFormatOptions;
import io.vectorstream.shop.RowProblem;
import io.vectorstream.shop.RowProblems;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that embeds and stores the products of a file, before events about them arrive. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Embeds the products of a file and stores them in Qdrant, so that a stream of events finds"
          + " them there, and a search too.",
      "What is stored already with the same text is skipped: Ctrl-C ends it after the batch in"
          + " hand, and running it again goes on from there. It may run beside the pipeline. What"
          + " events have counted is never touched.",
      "A row that is no product is reported with its line, and the exit status is 1 at the end."
    })
public final class CatalogLoadCommand implements Callable<Integer> {
  /** The longest wait for a stop: a batch of long texts on one slow core. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(2);

  @Parameters(
      paramLabel = "FILE",
      description = {
        "CSV with a header that has id, name and price, and description and category where there"
            + " are any; or the export of Shopify or WooCommerce, or a feed for Google Merchant.",
        "Or JSON: a product a line, an array, or an object with one array of products. Any of these"
            + " may be packed with gzip."
      })
  private Path file;

  @Mixin private CatalogFormatOptions format;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  private final RowProblems problems = new RowProblems();

  @Override
  public Integer call() {
    // Reports problems with the file before it needs anything else.
    open(problem -> {}).close();
    Settings given = options.load().withFilesRead();
    Settings settings;
    try (VectorStore store = VectorStore.connect(given.qdrant())) {
      store.check();
      settings = ModelInUse.of(given, store);
    }
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
        new CollectionSchemas(store, embeddings.dimension(), embeddings.identity())
            .ensureProducts();
        try (CatalogModels models = CatalogModels.of(settings, embeddings)) {
          CatalogLoad load =
              new CatalogLoad(
                  embeddings, models, Instant.now(), settings.stream().batchTime(), problems);
          return ShutdownHook.stops(load::stop, LONGEST_STOP, () -> run(load));
        }
      }
    }
  }

  private CatalogFile open(Consumer<RowProblem> wrong) {
    return CatalogFile.open(file, format.format(), wrong);
  }

  private int run(CatalogLoad load) {
    LoadProgress progress = LoadProgress.of(spec);
    long startedAt = System.nanoTime();
    try (CatalogFile catalog = open(load::failed)) {
      boolean complete =
          load.run(
              catalog,
              () ->
                  progress.update(
                      load.counts(), (double) catalog.bytesRead() / Math.max(1, catalog.size())));
      progress.end();
      double seconds = (System.nanoTime() - startedAt) / 1e9;
      LoadSummary summary =
          new LoadSummary(
              file.toString(),
              catalog.description(),
              complete,
              load.counts(),
              catalog.hidden(),
              seconds,
              problems);
      if (json) {
        summary.printJson(spec.commandLine().getOut());
      } else {
        summary.print(spec.commandLine().getOut());
      }
      spec.commandLine().getOut().flush();
      summary.printProblems(spec.commandLine().getErr());
      spec.commandLine().getErr().flush();
      return complete && load.counts().failed() == 0 ? 0 : 1;
    }
  }
}
