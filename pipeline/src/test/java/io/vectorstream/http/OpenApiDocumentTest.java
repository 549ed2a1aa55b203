package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
  private static List<Endpoint> endpoints;
  private static JsonNode document;
  private static OpenAPI api;

  @BeforeAll
  static void read() throws IOException {
    try (ApiSources sources = new ApiSources(TestServer.settings(), Optional.empty(), () -> "")) {
      endpoints = new ArrayList<>(sources.endpoints());
    }
    try (TestServer server = new TestServer()) {
      document = server.get("/openapi.json").json();
    }
    api = io.swagger.v3.core.util.Json.mapper().treeToValue(document, OpenAPI.class);
  }

  @Test
  void every_endpoint_is_documented_and_nothing_else() {
    List<String> documented = new ArrayList<>();
    api.getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .keySet()
                    .forEach(method -> documented.add(method + " " + path)));

    List<String> served =
        new ArrayList<>(endpoints.stream().map(e -> e.method() + " " + e.path()).toList());
    served.add("GET /openapi.json");
    assertThat(documented).containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void every_reference_leads_to_a_schema() {
    List<String> references = document.findValuesAsText("$ref");

    assertThat(references).hasSizeGreaterThan(10).contains("#/components/schemas/Problem");
    assertThat(references)
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isObject()).as(reference).isTrue());
  }

  @Test
  void every_operation_says_what_it_takes_and_answers() {
    for (Operation operation : operations()) {
      assertThat(operation.getSummary()).isNotBlank();
      assertThat(operation.getResponses()).containsKeys("200", "400");
      if (operation.getParameters() != null) {
        assertThat(operation.getParameters())
            .allSatisfy(
                parameter -> {
                  assertThat(parameter.getDescription()).isNotBlank();
                  assertThat(parameter.getSchema().getType()).isNotBlank();
                });
      }
    }
    assertThat(operations().stream().map(Operation::getOperationId)).doesNotHaveDuplicates();
  }

  private static List<Operation> operations() {
    return api.getPaths().values().stream().flatMap(i -> i.readOperations().stream()).toList();
  }

  @Test
  void parameters_in_a_path_are_documented_as_such() {
    api.getPaths()
        .forEach(
            (path, item) -> {
              List<String> inPath =
                  item.getGet() == null || item.getGet().getParameters() == null
                      ? List.of()
                      : item.getGet().getParameters().stream()
                          .filter(parameter -> parameter.getIn().equals("path"))
                          .map(parameter -> "{" + parameter.getName() + "}")
                          .toList();
              assertThat(inPath).as(path).allMatch(path::contains);
              assertThat((int) path.chars().filter(c -> c == '{').count()).isEqualTo(inPath.size());
            });
  }

  @Test
  void limits_and_defaults_are_those_that_are_checked() {
    JsonNode limit = parameter("/search", "limit").path("schema");

    assertThat(limit.path("minimum").asInt()).isEqualTo(1);
    assertThat(limit.path("maximum").asInt()).isEqualTo(100);
    assertThat(limit.path("default").asInt()).isEqualTo(10);
    assertThat(parameter("/search", "q").path("required").asBoolean()).isTrue();
    assertThat(parameter("/search", "q").path("schema").path("maxLength").asInt()).isEqualTo(1000);
  }

  private static JsonNode parameter(String path, String name) {
    for (JsonNode parameter : document.at("/paths").path(path).path("get").path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return parameter;
      }
    }
    throw new AssertionError(path + " has no parameter " + name);
  }

  @Test
  void fields_are_named_as_they_are_written() {
    JsonNode schemas = document.at("/components/schemas");

    assertThat(schemas.path("Problem").path("properties").fieldNames())
        .toIterable()
        .contains("type", "title", "status", "detail", "instance", "errors");
    assertThat(schemas.path("KnownProduct").path("properties").fieldNames())
        .toIterable()
        .contains("has_embedding", "first_seen");
    assertThat(schemas.path("ReplayRequest").path("properties").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "reason",
            "since",
            "until",
            "partition",
            "from_offset",
            "to_offset",
            "to_topic",
            "again",
            "dry_run");
  }

  @Test
  void what_changes_something_always_takes_the_token() {
    assertThat(api.getPaths().get("/dead-letters/replay").getPost().getSecurity())
        .singleElement()
        .satisfies(requirement -> assertThat(requirement).containsKey("token"));
    assertThat(api.getPaths().get("/health").getGet().getSecurity()).isNull();
  }
}
