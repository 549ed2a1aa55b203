package io.vectorstream.monitoring;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.message.ObjectMessage;

/**
 * The log of the pipeline's events, a line each. A layout that writes JSON writes figures as an
 * object, any other one as text. There is a line for each batch, none for a shop's event.
 */
public final class StructuredLog {

  private static final Logger log = LogManager.getLogger(StructuredLog.class);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private StructuredLog() {}

  /**
   * Logs that a command has begun its work.
   *
   * @param what its settings, by names in snake case
   */
  public static void started(Map<String, Object> what) {
    log("started", what);
  }

  /** Logs that a batch was committed. */
  public static void batch(BatchReport batch) {
    log("batch", PipelineStatus.Batch.of(batch));
  }

  /** Logs that the pipeline's state, or the reason for it, has changed. */
  public static void health(Health health) {
    log("health", health);
  }

  private static void log(String event, Object figures) {
    if (log.isInfoEnabled()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("event", event);
      line.putAll(MAPPER.convertValue(figures, new TypeReference<Map<String, Object>>() {}));
      log.info(new ObjectMessage(line));
    }
  }
}
