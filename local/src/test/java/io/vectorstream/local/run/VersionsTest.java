package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionsTest {

  @Test
  void every_library_tells_its_version() {
    Map<String, String> versions = Versions.of("4.2.0", ServicesKind.EMBEDDED);

    assertThat(versions)
        .containsOnlyKeys(
            "vectorstream",
            "java",
            "scala",
            "spark",
            "kafka",
            "qdrant_client",
            "onnxruntime",
            "djl",
            "rocksdb")
        .containsEntry("spark", "4.2.0");
    versions.remove("vectorstream");
    assertThat(versions.values())
        .allSatisfy(version -> assertThat(version).matches("\\d+(\\.\\d+)+.*"));
    assertThat(Versions.of("4.2.0", ServicesKind.EXTERNAL)).doesNotContainKey("rocksdb");
  }
}
