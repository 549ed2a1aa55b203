package io.vectorstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Secret;
import java.io.StringWriter;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.ObjectMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogSecretsTest {
  private static final String SECRET = "Dotterel-8642";

  private final StringWriter written = new StringWriter();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final WriterAppender appender =
      WriterAppender.newBuilder()
          .setName("written")
          .setTarget(written)
          .setLayout(PatternLayout.newBuilder().withPattern("%m%n%xEx").build())
          .build();

  @BeforeEach
  void listen() {
    appender.start();
    context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
    LogSecrets.mask();
  }

  @AfterEach
  void stop() {
    context.getConfiguration().getRootLogger().removeAppender("written");
  }

  @Test
  void no_line_and_no_exception_tells_a_secret() {
    new Secret(SECRET);
    RuntimeException failure =
        new IllegalStateException(
            "refused " + SECRET, new IllegalArgumentException("https://ada:other-77@host/"));
    failure.addSuppressed(new RuntimeException("Authorization: Bearer more-1234"));
    failure.getCause().addSuppressed(failure);

    LogManager.getRootLogger().error("asked with {}", SECRET, failure);

    assertThat(written.toString())
        .contains("asked with ******", "java.lang.IllegalStateException: refused ******")
        .contains("https://******@host/", "at io.vectorstream.monitoring.LogSecretsTest.")
        .doesNotContain(SECRET, "other-77", "more-1234");
  }

  @Test
  void the_figures_of_a_line_stay_figures() {
    new Secret(SECRET);
    LogManager.getRootLogger()
        .error(new ObjectMessage(Map.of("event", "started", "url", "x " + SECRET, "records", 3)));

    assertThat(written.toString())
        .contains("url=x ******", "records=3", "event=started")
        .doesNotContain(SECRET);
  }

  @Test
  void a_failure_without_secrets_is_left_as_it_is() {
    RuntimeException failure = new IllegalStateException("Kafka does not answer");

    assertThat(MaskedFailure.of(failure)).isSameAs(failure);
  }
}
