package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A reader of result files, which recognises the kind of each by its content. */
public final class ResultReader {
  private static final int SCHEMA = 1;
  private static final String EXPECTED =
      "expected one of: "
          + Arrays.stream(Kind.values()).map(Kind::words).collect(Collectors.joining(", "))
          + ", or an earlier report as HTML";

  /** Unknown fields, which a program may add later, are accepted; missing ones are not. */
  private static final JsonMapper JSON = mapper();

  private ResultReader() {}

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new JavaTimeModule())
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
            SearchLoad.Latency.class)
        .forEach(
            type ->
                mapper
                    .configOverride(type)
                    .setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL)));
    return mapper;
  }

  /**
   * Reads files, folders with all {@code .json} files in and below them, and earlier reports with
   * all files in them. A file that occurs twice is read once.
   *
   * @throws ResultException if one cannot be read, is damaged, or is of no known kind
   */
  public static List<ResultFile> read(List<Path> paths) {
    List<ResultFile> files = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : filesOf(path)) {
        for (ResultFile each : readOne(file)) {
          if (files.stream().noneMatch(known -> known.content().equals(each.content()))) {
            files.add(each);
          }
        }
      }
    }
    return files;
  }

  private static List<Path> filesOf(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (files.isEmpty()) {
        throw new ResultException(path + " is a folder without any .json file; " + EXPECTED);
      }
      return files;
    } catch (IOException e) {
      throw new ResultException(path + " cannot be read: " + e.getMessage());
    }
  }

  private static List<ResultFile> readOne(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ResultException(file + " cannot be read; expected a file of results");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.stripLeading().startsWith("<")) {
      return ofReport(file, text);
    }
    JsonNode content = tree(file.toString(), text);
    return List.of(
        new ResultFile(
            file.getFileName().toString(), content, result(file.toString(), content, text)));
  }

  private static List<ResultFile> ofReport(Path file, String html) {
    JsonNode data =
        EmbeddedResults.in(html)
            .map(json -> tree(file + ", the results in it", json))
            .orElseThrow(
                () -> new ResultException(file + " is HTML, but not a report; " + EXPECTED));
    List<ResultFile> files = new ArrayList<>();
    for (JsonNode each : data.path(EmbeddedResults.FILES)) {
      String name = each.path(EmbeddedResults.NAME).asText();
      JsonNode content = each.path(EmbeddedResults.CONTENT);
      files.add(
          new ResultFile(
              name, content, result(file + ", " + name + " in it", content, content.toString())));
    }
    return files;
  }

  private static JsonNode tree(String where, String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.isMissingNode()) {
        throw new ResultException(where + " is empty; " + EXPECTED);
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new ResultException(
          "%s is not JSON at %s: %s; %s".formatted(where, place(e), message(e), EXPECTED));
    }
  }

  private static Result result(String where, JsonNode content, String text) {
    Class<? extends Result> type = typeOf(where, content);
    if (content.isObject()
        && !(content.path("schema").isInt() && content.path("schema").asInt() == SCHEMA)) {
      throw new ResultException(
          "%s has the schema %s; expected %d".formatted(where, content.path("schema"), SCHEMA));
    }
    try {
      return JSON.readValue(text, type);
    } catch (JsonMappingException e) {
      throw new ResultException(
          "%s is a %s, but damaged at %s, %s: %s"
              .formatted(where, words(type), place(e), path(e), message(e)));
    } catch (JsonProcessingException e) {
      throw new ResultException("%s is damaged at %s: %s".formatted(where, place(e), message(e)));
    }
  }

  private static Class<? extends Result> typeOf(String where, JsonNode content) {
    if (content.isArray()
        && content.path(0).has("benchmark")
        && content.path(0).has("primaryMetric")) {
      return JmhRun.class;
    }
    String kind = content.path("kind").asText();
    if (kind.equals("sweep")) {
      return Sweep.class;
    }
    if (kind.equals("baseline")) {
      return Ladder.class;
    }
    if (kind.isEmpty()) {
      if (hasAll(content, "batches", "throughput_eps")) {
        return RunSummary.class;
      }
      if (hasAll(content, "requests_per_second", "stream")) {
        return SearchLoad.class;
      }
      if (hasAll(content, "lines", "list_length")) {
        return Evaluation.class;
      }
      if (hasAll(content, "embedding", "spark") && content.path("embedding").isArray()) {
        return GpuResult.class;
      }
    }
    throw new ResultException(
        where
            + " is JSON, but "
            + (kind.isEmpty() ? "no result that is known" : "of the unknown kind '" + kind + "'")
            + "; "
            + EXPECTED);
  }

  private static boolean hasAll(JsonNode content, String... names) {
    return Arrays.stream(names).allMatch(content::has);
  }

  private static String words(Class<? extends Result> type) {
    for (Kind kind : Kind.values()) {
      if (kind.type() == type) {
        return kind.words();
      }
    }
    throw new IllegalArgumentException(type.getName());
  }

  /** Returns the message without the place that Jackson adds, which is not in the file. */
  private static String message(JsonProcessingException e) {
    return e.getOriginalMessage().replaceAll("\\[Source: [^;]*; ([^\\]]*)\\]", "$1");
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? "its end"
        : "line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  /** Returns {@code batches[3].events}. */
  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "its top" : path.toString();
  }
}
