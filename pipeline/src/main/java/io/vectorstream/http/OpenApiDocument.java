package io.vectorstream.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The OpenAPI document of some endpoints, derived from the same descriptions as their routes. */
final class OpenApiDocument {
  private static final String TOKEN = "token";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final ModelConverters converters = new ModelConverters();
  private final Components components = new Components();

  private OpenApiDocument() {
    converters.addConverter(new ModelResolver(Json.MAPPER));
  }

  /** Returns the document as JSON. */
  static byte[] of(List<Endpoint> endpoints) {
    try {
      return io.swagger.v3.core.util.Json.mapper()
          .writeValueAsBytes(new OpenApiDocument().document(endpoints));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an OpenAPI document that cannot be written as JSON", e);
    }
  }

  private OpenAPI document(List<Endpoint> endpoints) {
    components.addSecuritySchemes(
        TOKEN,
        new SecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .description(
                "The token of http.token or, for what only reads, that of http.read_token. On the"
                    + " loopback reading takes none as long as neither is set."));
    Paths paths = new Paths();
    for (Endpoint endpoint : endpoints) {
      PathItem item = paths.computeIfAbsent(endpoint.path(), path -> new PathItem());
      item.operation(PathItem.HttpMethod.valueOf(endpoint.method().name()), operation(endpoint));
    }
    return new OpenAPI()
        .info(
            new Info()
                .title("VectorStream")
                .version(version())
                .description(
                    "Search, recommendations, and the state of the stream. Every error is a problem"
                        + " document (RFC 9457)."))
        .tags(
            endpoints.stream()
                .map(Endpoint::group)
                .distinct()
                .map(group -> new Tag().name(group))
                .toList())
        .paths(paths)
        .components(components);
  }

  private static String version() {
    String version = OpenApiDocument.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private Operation operation(Endpoint endpoint) {
    Operation operation =
        new Operation()
            .operationId(operationId(endpoint))
            .summary(endpoint.summary())
            .addTagsItem(endpoint.group())
            .responses(responses(endpoint));
    if (!endpoint.description().isEmpty()) {
      operation.description(endpoint.description());
    }
    for (Parameter<?> parameter : endpoint.parameters()) {
      operation.addParametersItem(parameter(parameter));
    }
    if (endpoint.body() != null) {
      operation.requestBody(
          new RequestBody().required(true).content(content(Json.TYPE, endpoint.body())));
    }
    if (endpoint.access() != Endpoint.Access.FREE) {
      operation.addSecurityItem(new SecurityRequirement().addList(TOKEN));
      if (endpoint.access() == Endpoint.Access.READ) {
        // Or none, on the loopback address without tokens.
        operation.addSecurityItem(new SecurityRequirement());
      }
    }
    return operation;
  }

  private static String operationId(Endpoint endpoint) {
    return endpoint.method().name().toLowerCase(Locale.ROOT)
        + endpoint.path().replaceAll("[{}]", "").replaceAll("[^a-zA-Z]+", "_");
  }

  private static io.swagger.v3.oas.models.parameters.Parameter parameter(Parameter<?> parameter) {
    Schema<?> schema = parameter.schema().get();
    if (parameter.fallback() != null) {
      schema.setDefault(
          parameter.fallback() instanceof Enum<?> word
              ? word.name().toLowerCase(Locale.ROOT)
              : parameter.fallback());
    }
    io.swagger.v3.oas.models.parameters.Parameter documented =
        new io.swagger.v3.oas.models.parameters.Parameter()
            .name(parameter.name())
            .in(parameter.location().name().toLowerCase(Locale.ROOT))
            .description(parameter.description())
            .required(parameter.required())
            .schema(schema);
    if (schema.getItems() != null) {
      documented.style(io.swagger.v3.oas.models.parameters.Parameter.StyleEnum.FORM).explode(false);
    }
    return documented;
  }

  private ApiResponses responses(Endpoint endpoint) {
    ApiResponses responses = new ApiResponses();
    boolean isText = endpoint.answer() == String.class;
    Content answer = content(isText ? TEXT : Json.TYPE, endpoint.answer());
    responses.addApiResponse("200", new ApiResponse().description("OK").content(answer));
    for (int status : endpoint.otherStatuses()) {
      responses.addApiResponse(
          Integer.toString(status),
          new ApiResponse().description(Status.title(status)).content(answer));
    }
    Content problem = content(Problem.TYPE, Problem.class);
    for (int status : refusals(endpoint)) {
      responses.addApiResponse(
          Integer.toString(status),
          new ApiResponse().description(Status.title(status)).content(problem));
    }
    return responses;
  }

  private static SortedSet<Integer> refusals(Endpoint endpoint) {
    SortedSet<Integer> statuses = new TreeSet<>(endpoint.refusals());
    statuses.add(Status.BAD_REQUEST);
    if (endpoint.access() != Endpoint.Access.FREE) {
      statuses.addAll(List.of(Status.UNAUTHORIZED, Status.FORBIDDEN));
    }
    if (endpoint.body() != null) {
      statuses.addAll(List.of(Status.TOO_LARGE, Status.UNSUPPORTED_MEDIA_TYPE));
    }
    if (endpoint.limited()) {
      statuses.addAll(List.of(Status.TOO_MANY_REQUESTS, Status.UNAVAILABLE));
    }
    return statuses;
  }

  private Content content(String mediaType, Class<?> type) {
    ResolvedSchema resolved =
        converters.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
    resolved.referencedSchemas.forEach(components::addSchemas);
    return new Content().addMediaType(mediaType, new MediaType().schema(resolved.schema));
  }
}
