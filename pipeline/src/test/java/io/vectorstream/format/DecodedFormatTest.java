package io.vectorstream.format;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Registry;
import io.vectorstream.config.Secret;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.RecordMapping;
import io.vectorstream.event.RecordReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodedFormatTest {

  private static final Secret PASSWORD = new Secret("");

  @Test
  void a_driver_that_does_not_tell_the_password_makes_no_dead_letter() {
    RecordReader reader =
        new RecordReader(
            new DecodedFormat(
                registry("http://localhost:1"),
                () -> {
                  throw new IllegalStateException("the driver did not answer");
                }),
            RecordMapping.NONE);

    assertThatThrownBy(
            () -> reader.read(new IncomingRecord("t", 0, 0, 0, null, new byte[9], List.of())))
        .isInstanceOf(RegistryException.class)
        .hasMessage("the password of the schema registry is not known: the driver did not answer");
  }

  @Test
  void no_record_is_read_again_that_a_registry_may_explain_otherwise_now() {
    DecodedFormat asking = new DecodedFormat(registry("http://localhost:1"), () -> PASSWORD);
    DecodedFormat alone = new DecodedFormat(registry(""), () -> PASSWORD);

    assertThatCode(alone::requireSameAgain).doesNotThrowAnyException();
    assertThatThrownBy(asking::requireSameAgain)
        .isInstanceOf(RegistryException.class)
        .hasMessageEndingWith("the batch is tried again from its beginning");
  }

  private static Registry registry(String url) {
    Duration moment = Duration.ofMillis(100);
    return new Registry(url, "", PASSWORD, "", "", moment, moment);
  }
}
