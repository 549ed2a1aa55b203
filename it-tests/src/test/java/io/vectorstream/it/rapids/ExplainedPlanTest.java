package io.vectorstream.it.rapids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.it.rapids.ExplainedPlan.Line;
import io.vectorstream.it.rapids.ExplainedPlan.Place;
import io.vectorstream.it.rapids.PlanTable.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainedPlanTest {
  private static final List<String> LOG =
      """
      2026-11-23T03:15:28.810Z WARN  main o.a.s.Something: before
      2026-11-23T03:15:43.562Z WARN  stream execution thread for x [id = 8a1d] c.n.s.r.GpuOverrides:\s
      *Exec <SortExec> will run on GPU
        *Expression <SortOrder> offset#133L ASC NULLS FIRST will run on GPU
        @Expression <AttributeReference> key#129 could run on GPU
        *Exec <ProjectExec> will run on GPU
          ^ <UnixMicros> unix_micros(timestamp#134) will run on GPU via CPU bridge because GPU does not currently support the operator class X
            ! <RDDScanExec> cannot run on GPU because GPU does not currently support the operator class Y

      2026-11-23T03:15:47.483Z WARN  main o.a.s.Something: after
      not of a plan
      """
          .lines()
          .toList();

  @Test
  void each_line_says_where_it_runs_and_why_not_on_the_gpu() {
    assertThat(ExplainedPlan.read(LOG))
        .singleElement()
        .satisfies(
            plan ->
                assertThat(plan.lines())
                    .contains(
                        new Line(0, "SortExec", "SortExec", "", Place.GPU, ""),
                        new Line(1, "SortExec", "AttributeReference", "key#129", Place.CPU, ""),
                        new Line(
                            2,
                            "ProjectExec",
                            "UnixMicros",
                            "unix_micros(timestamp#134)",
                            Place.BRIDGE,
                            "GPU does not currently support the operator class X"),
                        new Line(
                            3,
                            "RDDScanExec",
                            "RDDScanExec",
                            "",
                            Place.CPU,
                            "GPU does not currently support the operator class Y"))
                    .hasSize(6));
  }

  @Test
  void the_table_follows_the_data_and_counts_what_is_the_same() {
    assertThat(PlanTable.of(ExplainedPlan.read(LOG)).entries())
        .extracting(Entry::operator)
        .containsExactly("RDDScanExec", "ProjectExec", "ProjectExec", "SortExec", "SortExec");
  }

  @Test
  void a_line_of_another_form_is_not_passed_over() {
    assertThatThrownBy(
            () -> ExplainedPlan.read(List.of(LOG.get(1), "? <SortExec> may run somewhere")))
        .hasMessageContaining("? <SortExec> may run somewhere");
  }
}
