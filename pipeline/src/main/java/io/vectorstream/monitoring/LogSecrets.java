package io.vectorstream.monitoring;

import com.google.common.collect.Maps;
import io.vectorstream.config.Redaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jContextFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.impl.LogEventFactory;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.SimpleMessage;

/**
 * The protection of secrets in the log: in every line that is written, its exception included,
 * stars replace what {@link Redaction} regards as a secret, whatever file configures the log.
 */
public final class LogSecrets {

  private static final Set<LoggerContext> WATCHED = ConcurrentHashMap.newKeySet();

  private LogSecrets() {}

  /** Masks secrets from now on, in this process. Calling it again does nothing. */
  public static void mask() {
    if (LogManager.getFactory() instanceof Log4jContextFactory factory) {
      // Those of other class loaders as well: a cluster's program has one of its own.
      LogManager.getContext(false);
      factory.getSelector().getLoggerContexts().forEach(LogSecrets::mask);
    }
  }

  private static void mask(LoggerContext context) {
    if (WATCHED.add(context)) {
      // A configuration that is read again has loggers of its own.
      context.addPropertyChangeListener(change -> mask(context));
    }
    context
        .getConfiguration()
        .getLoggers()
        .values()
        .forEach(
            logger -> {
              if (!(logger.getLogEventFactory() instanceof Masking)) {
                logger.setLogEventFactory(new Masking(logger.getLogEventFactory()));
              }
            });
  }

  private record Masking(LogEventFactory events) implements LogEventFactory {

    @Override
    public LogEvent createEvent(
        String logger,
        Marker marker,
        String caller,
        Level level,
        Message message,
        List<Property> properties,
        Throwable failure) {
      LogEvent event =
          events.createEvent(
              logger,
              marker,
              caller,
              level,
              masked(message),
              properties,
              failure == null ? null : MaskedFailure.of(failure));
      // Kafka names its threads after a setting.
      String thread = Redaction.mask(event.getThreadName());
      return thread == null || thread.equals(event.getThreadName())
          ? event
          : new Log4jLogEvent.Builder(event).setThreadName(thread).build();
    }

    private static Message masked(Message message) {
      String text = message.getFormattedMessage();
      String masked = Redaction.mask(text);
      if (masked == null || masked.equals(text)) {
        return message;
      }
      return message instanceof ObjectMessage object
              && object.getParameter() instanceof Map<?, ?> map
          ? new ObjectMessage(Maps.transformValues(map, Masking::masked))
          : new SimpleMessage(masked);
    }

    private static Object masked(Object value) {
      return value instanceof String text ? Redaction.mask(text) : value;
    }
  }
}
