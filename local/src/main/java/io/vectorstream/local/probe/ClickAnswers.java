package io.vectorstream.local.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** The answers of the API about a user who has clicked, until one of them shows the click. */
final class ClickAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Instant click;
  private final BooleanSupplier isStored;
  private String before;

  /**
   * @param isStored asks whether the store has the click's event
   */
  ClickAnswers(Instant click, BooleanSupplier isStored) {
    this.click = click;
    this.isStored = isStored;
  }

  /**
   * Returns whether this answer, the next one, shows the click: it names the click as fresh, or
   * names nothing as fresh, has other results than the one before, and the click is stored. Other
   * results alone show nothing: what is trending changes without the user.
   */
  boolean isSeenIn(int status, String body) throws JsonProcessingException {
    if (status != ApiClient.OK) {
      return false;
    }
    JsonNode answer = JSON.readTree(body);
    String latest = answer.at("/fresh/latest").asText("");
    String results = answer.path("results").toString();
    boolean hasChanged = before != null && !results.equals(before);
    before = results;
    return latest.isEmpty()
        ? hasChanged && isStored.getAsBoolean()
        : !Instant.parse(latest).isBefore(click);
  }
}
