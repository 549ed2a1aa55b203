package io.vectorstream.reports.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A reader of files of results. It goes by the kind that a file names; the kind of one without a
 * name, as earlier programs wrote them, it finds out by what is in it.
 */
public final class ResultReader {
  private static final String EXPECTED =
      "expected one of: "
          + Arrays.stream(ResultKind.values())
              .map(ResultKind::words)
              .collect(Collectors.joining(", "))
          + ", or an earlier report as HTML";

  private ResultReader() {}

  /**
   * Reads files, folders with all {@code .json} files in and below them, and earlier reports with
   * all files in them. A result that occurs twice is read once; two that do not say when they were
   * measured are the same only if their files have the same name, too.
   *
   * @throws ResultException if one cannot be read, is damaged, or is of no known kind
   */
  public static List<ResultFile> read(List<Path> paths) {
    List<ResultFile> files = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : filesOf(path)) {
        for (ResultFile each : readOne(file)) {
          if (files.stream().noneMatch(known -> isSame(known, each))) {
            files.add(each);
          }
        }
      }
    }
    return files;
  }

  private static boolean isSame(ResultFile one, ResultFile other) {
    return one.content().equals(other.content())
        && (one.result().measuredAt().isPresent() || one.name().equals(other.name()));
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
      JsonNode tree = ResultJson.MAPPER.readTree(text);
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
    ResultKind kind = kindOf(where, content);
    if (content.isObject()
        && !(content.path("schema").isInt() && content.path("schema").asInt() == Result.SCHEMA)) {
      throw new ResultException(
          "%s has the schema %s; expected %d"
              .formatted(where, content.path("schema"), Result.SCHEMA));
    }
    try {
      return ResultJson.MAPPER.readValue(text, kind.type());
    } catch (JsonMappingException e) {
      throw new ResultException(
          "%s is a %s, but damaged at %s, %s: %s"
              .formatted(where, kind.words(), place(e), path(e), message(e)));
    } catch (JsonProcessingException e) {
      throw new ResultException("%s is damaged at %s: %s".formatted(where, place(e), message(e)));
    }
  }

  private static ResultKind kindOf(String where, JsonNode content) {
    String named = content.path("kind").asText();
    return (named.isEmpty() ? ofContent(content) : ResultKind.named(named))
        .orElseThrow(
            () ->
                new ResultException(
                    "%s is JSON, but %s; %s"
                        .formatted(
                            where,
                            named.isEmpty()
                                ? "no result that is known"
                                : "of the unknown kind '" + named + "'",
                            EXPECTED)));
  }

  private static Optional<ResultKind> ofContent(JsonNode content) {
    if (content.isArray() && hasAll(content.path(0), "benchmark", "primaryMetric")) {
      return Optional.of(ResultKind.JMH);
    }
    if (hasAll(content, "batches", "throughput_eps")) {
      return Optional.of(ResultKind.RUN);
    }
    if (hasAll(content, "requests_per_second", "stream")) {
      return Optional.of(ResultKind.SEARCH);
    }
    if (hasAll(content, "lines", "list_length")) {
      return Optional.of(ResultKind.EVALUATION);
    }
    return hasAll(content, "embedding", "spark") && content.path("embedding").isArray()
        ? Optional.of(ResultKind.GPU)
        : Optional.empty();
  }

  private static boolean hasAll(JsonNode content, String... names) {
    return Arrays.stream(names).allMatch(content::has);
  }

  /** Without what Jackson says of its own source, which is not the file. */
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
