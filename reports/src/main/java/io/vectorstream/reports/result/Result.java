package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The measurements of one program. As JSON it is an object with the components of its record, their
 * names in snake case, and with its kind; only JMH's results are in JMH's own format.
 */
@JsonPropertyOrder({"schema", "kind"})
public sealed interface Result
    permits EnvironmentResult,
        JmhRun,
        GpuResult,
        EvaluationResult,
        SearchLoadResult,
        SystemsResult {

  /** The version of the format that programs write now. */
  int SCHEMA = 1;

  /** Says what kind of result this is; a file has it as {@code kind}. */
  @JsonProperty
  ResultKind kind();

  /** Says what it was measured on; empty where the file does not say. */
  Optional<Machine> measuredOn();

  /** Says when the measuring began; empty where the file does not say. */
  Optional<Instant> measuredAt();

  /** Names the versions of the software that was measured, by component. */
  Map<String, String> software();

  /** Writes this result as indented JSON, without a line break at the end. */
  default String toJson() {
    return ResultJson.write(this);
  }
}
