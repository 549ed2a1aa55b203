package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServicesTest {

  @Test
  void they_are_reached_with_the_settings_of_someone_whose_own_services_are_secured(
      @TempDir Path folder) throws Exception {
    Path properties =
        Files.writeString(folder.resolve("kafka.properties"), "security.protocol=SASL_SSL\n");
    List<String> given =
        new ArrayList<>(
            List.of(
                "kafka.properties_file=" + properties,
                "kafka.properties.security.protocol=SASL_SSL",
                "kafka.properties.sasl.mechanism=PLAIN",
                "kafka.connect_timeout=10s",
                "qdrant.tls=true",
                "qdrant.ca_certificate=" + folder.resolve("ca.pem"),
                "qdrant.api_key=theirs"));

    try (DataFolder data = DataFolder.open(folder.resolve("data"));
        EmbeddedServices services = EmbeddedServices.start(data, 0, 0, Optional.empty())) {
      given.addAll(services.settings());
      Settings settings = SettingsLoader.load(Optional.empty(), Map.of(), given).withFilesRead();

      assertThat(settings.qdrant().tls()).isFalse();
      assertThatCode(() -> ScratchSpace.check(settings)).doesNotThrowAnyException();
    }
  }
}
