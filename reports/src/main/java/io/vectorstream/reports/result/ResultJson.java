package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.stream.Stream;

/**
 * The JSON of results, for those that write it and those that read it: names in snake case, times
 * in ISO-8601. What a program may add later is no reason to refuse its file; what it leaves out is.
 */
final class ResultJson {
  static final JsonMapper MAPPER = mapper();

  private ResultJson() {}

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new JavaTimeModule())
            // What a record answers about itself, such as isOnGpu, is no field of it.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    Stream.of(
            Environment.class,
            Machine.class,
            RunSummary.class,
            RunSummary.Events.class,
            RunSummary.Throughput.class,
            RunSummary.Latency.class,
            RunSummary.Embedding.class,
            RunSummary.Memory.class,
            RunSummary.Phases.class,
            Ladder.Rates.class,
            JmhRun.Metric.class,
            SearchLoadResult.Latency.class,
            Searches.Figures.class,
            Searches.Recall.class)
        .forEach(
            type ->
                mapper
                    .configOverride(type)
                    .setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL)));
    return mapper;
  }

  static String write(Result result) {
    try {
      return MAPPER.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result always has a JSON form", e);
    }
  }
}
