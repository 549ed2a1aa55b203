package io.vectorstream.embedding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Redaction;
import io.vectorstream.config.RemoteEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.lang3.StringUtils;

/** The form of requests to a server that embeds, and of its answers. */
final class RemoteForm {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 200;

  private final RemoteEmbedding.Api api;
  private final String model;

  RemoteForm(RemoteEmbedding settings) {
    this.api = settings.form();
    this.model = settings.model();
  }

  String request(List<String> texts) {
    ObjectNode request = JSON.createObjectNode();
    ArrayNode inputs;
    if (api == RemoteEmbedding.Api.TEI) {
      inputs = request.putArray("inputs");
      request.put("truncate", true);
    } else {
      request.put("model", model);
      request.put("encoding_format", "float");
      inputs = request.putArray("input");
    }
    texts.forEach(inputs::add);
    return request.toString();
  }

  /**
   * Reads the vectors of an answer.
   *
   * @param texts the number of texts that were sent
   * @return a vector for each, in their order
   * @throws IllegalArgumentException if the answer has another form, saying which
   */
  List<float[]> vectors(String answer, int texts) {
    JsonNode whole;
    try {
      whole = JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an answer that is no JSON", e);
    }
    float[][] vectors = new float[texts][];
    JsonNode list = api == RemoteEmbedding.Api.TEI ? whole : whole.path("data");
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = list.get(i);
      int place = api == RemoteEmbedding.Api.TEI ? i : item.path("index").asInt(i);
      JsonNode numbers = api == RemoteEmbedding.Api.TEI ? item : item.path("embedding");
      if (place >= 0 && place < texts) {
        vectors[place] = vector(numbers);
      }
    }
    if (list.size() != texts || Arrays.stream(vectors).anyMatch(vector -> vector == null)) {
      throw new IllegalArgumentException(
          "%d vectors for %d texts; expected one for each, in the form of the API %s"
              .formatted(list.size(), texts, StringUtils.lowerCase(api.name())));
    }
    return new ArrayList<>(Arrays.asList(vectors));
  }

  private static float[] vector(JsonNode numbers) {
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i).isNumber() ? numbers.get(i).floatValue() : Float.NaN;
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "a vector with %s in it; expected numbers".formatted(numbers.get(i)));
      }
    }
    if (vector.length == 0) {
      throw new IllegalArgumentException("a vector without numbers");
    }
    return vector;
  }

  /** Returns what an answer says of a failure, in one line. */
  static String reason(String answer) {
    String reason = answer;
    try {
      JsonNode error = JSON.readTree(answer).path("error");
      reason = error.isObject() ? error.path("message").asText(answer) : error.asText(answer);
    } catch (JsonProcessingException e) {
      // A proxy's page, for example.
    }
    return StringUtils.abbreviate(
        Redaction.mask(StringUtils.normalizeSpace(reason)), LONGEST_REASON);
  }
}
