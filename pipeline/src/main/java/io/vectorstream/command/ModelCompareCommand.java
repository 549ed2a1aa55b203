package io.vectorstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.migration.ModelComparison;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.StoreException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that compares the two models of a migration. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the model in use with the other one of a migration: which products are near to which,"
          + " and what searches find.",
      "Both models are loaded here for the searches."
    })
public final class ModelCompareCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  @Option(
      names = "--sample",
      paramLabel = "NUMBER",
      defaultValue = "" + ComparisonTable.SAMPLE,
      description = "How many products' neighbours to compare. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--query",
      paramLabel = "TEXT",
      description =
          "A search to compare; may be given again for another. Default: some that shoppers have"
              + " searched for last.")
  private List<String> queries = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    if (sample < 1 || sample > 100_000) {
      throw new IllegalArgumentException("--sample is %d, expected 1 to 100000".formatted(sample));
    }
    ModelComparison.Result result =
        ModelStore.ask(
            options.load(),
            (settings, models) -> {
              ModelState state =
                  models
                      .state()
                      .filter(known -> known.writtenBeside().isPresent())
                      .orElseThrow(
                          () ->
                              new StoreException(
                                  "there is no other model to compare with; expected `model migrate --to DIR` before"));
              return new ModelComparison(settings, state)
                  .compare(sample, queries, ComparisonTable.SEARCHES, ComparisonTable.SEED);
            });
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(result));
      out.flush();
    } else {
      ComparisonTable.print(result, out);
    }
    return 0;
  }
}
