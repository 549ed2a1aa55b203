package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.probe.FreshPlan;
import io.vectorstream.local.probe.SearchKind;
import io.vectorstream.local.probe.SearchPlan;
import io.vectorstream.local.probe.SearchPlan.Share;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.Preload;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Recall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is asked while a load is on, so small that it says nothing about speed. */
@ExtendWith(SharedServices.class)
@Nightly
@Alone
class ProbesIT {

  @Test
  void events_new_products_and_clicks_are_found_and_every_kind_of_search_is_answered(
      Services services, @TempDir Path folder) throws InterruptedException {
    try (Deployment deployment = new Deployment(services, folder)) {
      Load load =
          new Load(
              Catalog.generate(200, 1),
              ShopperSettings.defaults().withUsers(50),
              RecordShape.PLAIN,
              20_261_130,
              new Rate(100),
              Duration.ofSeconds(12),
              Duration.ofSeconds(6),
              1,
              EventFormat.JSON);
      RunPlan plan =
          new RunPlan(
              deployment.settings(),
              load,
              services.kind(),
              "probes",
              Preload.MADE_UP,
              new FreshPlan(null, Duration.ofMinutes(1), Duration.ofMinutes(2)),
              new SearchPlan(
                  Stream.of(SearchKind.values()).map(kind -> new Share(kind, null)).toList(),
                  List.of(10.0, 20.0),
                  Duration.ofMinutes(1),
                  null,
                  0.9));
      assertThat(StoredCatalog.prepare(plan, new StopRequest(), said -> {})).isTrue();

      RunSummary summary = PipelineRun.execute(plan, ProgressDisplay.NONE);

      assertThat(summary.events().lost()).isZero();
      assertThat(summary.fresh().clicks()).isPositive();
      assertThat(summary.searchable().events().count()).isPositive();
      assertThat(summary.searchable().events().unseen()).isZero();
      assertThat(summary.searchable().products().count()).isPositive();
      assertThat(summary.searchable().products().unseen()).isZero();
      Searches searches = summary.searches();
      assertThat(searches.products()).isGreaterThan(200);
      assertThat(searches.steps()).isNotEmpty();
      assertThat(searches.steps())
          .allSatisfy(
              step -> {
                assertThat(step.all().searches()).isPositive();
                // A busy machine may turn some away; none may be wrong.
                assertThat(Set.of("HTTP 429")).containsAll(step.all().failures().keySet());
                assertThat(step.kinds())
                    .containsOnlyKeys("text", "events", "vector", "similar", "user");
              });
      assertThat(searches.recall()).extracting(Recall::kind).containsExactly("vector", "similar");
      assertThat(summary.targets())
          .filteredOn(
              target ->
                  List.of("event stored p99", "product found p99", "search recall@10")
                      .contains(target.name()))
          .hasSize(3)
          .allMatch(Target::met);
      assertThat(summary.targets())
          .extracting(Target::name)
          .contains("search p99", "failed searches");
    }
  }
}
