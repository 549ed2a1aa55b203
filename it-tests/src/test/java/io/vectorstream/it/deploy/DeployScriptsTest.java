package io.vectorstream.it.deploy;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts that the containers of the stack begin with, and the one that pins images. */
class DeployScriptsTest {
  private static final String SPARK_DAEMON =
      DeployFiles.root().resolve("deploy/spark-daemon.sh").toString();

  private final JsonNode services = DeployFiles.yaml("compose.yaml").get(0).get("services");

  @Test
  void a_master_or_a_worker_without_the_secret_does_not_start(@TempDir Path folder)
      throws Exception {
    assertThat(run(folder, Map.of(), "sh", SPARK_DAEMON, "master")).isNotZero();
    Map<String, String> secret = Map.of("VECTORSTREAM_SPARK_SECRET", "Heron-1122-spark");
    assertThat(run(folder, secret, "sh", SPARK_DAEMON, "wurker")).isEqualTo(2);
    for (String wrong : List.of("Heron-1122", "Heron-1122-spark\nspark.authenticate false")) {
      Map<String, String> given = Map.of("VECTORSTREAM_SPARK_SECRET", wrong);
      assertThat(run(folder, given, "sh", SPARK_DAEMON, "master")).as(wrong).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"master", "worker"})
  void a_master_and_a_worker_have_the_secret_in_a_file_that_nobody_else_reads(
      String daemon, @TempDir Path folder) throws Exception {
    Path early = Files.writeString(folder.resolve("spark-daemon.conf"), "");
    Files.setPosixFilePermissions(early, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path sparkClass = Files.createDirectories(folder.resolve("bin")).resolve("spark-class");
    Files.writeString(
        sparkClass, "#!/bin/sh\nenv >env.txt; printf '%s\\n' \"$@\" >arguments.txt\n");
    Files.setPosixFilePermissions(sparkClass, PosixFilePermissions.fromString("rwx------"));

    int status =
        run(
            folder,
            Map.of("VECTORSTREAM_SPARK_SECRET", "Heron-1122-spark"),
            "sh",
            SPARK_DAEMON,
            daemon,
            "--cores",
            "1");

    assertThat(status).isZero();
    Path conf;
    try (Stream<Path> files = Files.list(folder)) {
      conf =
          files
              .filter(file -> file.getFileName().toString().startsWith("spark-daemon."))
              // Somebody may have made a file of a name that is known.
              .filter(file -> !file.endsWith("spark-daemon.conf"))
              .collect(onlyElement());
    }
    assertThat(Files.readAllLines(folder.resolve("arguments.txt")))
        .first()
        .asString()
        .startsWith("org.apache.spark.deploy." + daemon + ".");
    assertThat(Files.readAllLines(folder.resolve("arguments.txt")))
        .containsSequence("--properties-file", conf.toString(), "--cores", "1");
    for (String seen : List.of("arguments.txt", "env.txt")) {
      assertThat(folder.resolve(seen)).content().doesNotContain("Heron");
    }
    assertThat(early).isEmptyFile();
    assertThat(Files.getPosixFilePermissions(conf))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(DeployFiles.properties(Files.readString(conf)))
        .containsEntry("spark.authenticate", "true")
        .containsEntry("spark.authenticate.secret", "Heron-1122-spark")
        .containsEntry("spark.network.crypto.enabled", "true")
        .containsEntry("spark.ui.killEnabled", "false")
        .containsEntry("spark.master.rest.enabled", "false");
  }

  @Test
  void images_are_pinned_to_what_the_registries_say(@TempDir Path folder) throws Exception {
    for (String file : List.of("compose.yaml", "deploy/Dockerfile", "deploy/pin-images.sh")) {
      Path copy = folder.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(DeployFiles.root().resolve(file), copy);
    }
    Path docker = Files.createDirectories(folder.resolve("bin")).resolve("docker");
    Files.writeString(
        docker,
        "#!/bin/sh\n"
            + "for image; do :; done\n"
            + "printf sha256:; printf '%s' \"$image$ROUND\" | sha256sum | cut -c1-64\n");
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));

    for (String round : List.of("1", "2")) {
      Map<String, String> environment =
          Map.of("PATH", docker.getParent() + ":" + System.getenv("PATH"), "ROUND", round);
      assertThat(run(folder, environment, "sh", "deploy/pin-images.sh")).isZero();
      JsonNode pinned =
          DeployFiles.parse(Files.readString(folder.resolve("compose.yaml")))
              .get(0)
              .get("services");
      pinned
          .properties()
          .forEach(
              service -> {
                String image = services.at("/" + service.getKey() + "/image").asText();
                assertThat(service.getValue().path("image").asText())
                    .matches(
                        image.startsWith("vectorstream:")
                            ? Pattern.quote(image)
                            : Pattern.quote(image.replaceAll("@.*", "")) + "@sha256:[0-9a-f]{64}");
              });
      String dockerfile = Files.readString(folder.resolve("deploy/Dockerfile"));
      assertThat(dockerfile)
          .contains("ARG SPARK_IMAGE=" + pinned.at("/spark-master/image").asText() + "\n")
          .containsPattern("(?m)^FROM maven:\\S+@sha256:[0-9a-f]{64} AS build$")
          .contains("FROM ${SPARK_IMAGE}\n");
    }
  }

  @Test
  void the_first_start_of_qdrant_makes_a_certificate_that_clients_can_check(@TempDir Path folder)
      throws Exception {
    assumeTrue(isInstalled("openssl"), "openssl is not installed");
    JsonNode qdrant = services.path("qdrant");
    Map<String, String> environment = new HashMap<>();
    for (String name : List.of("QDRANT__TLS__CERT", "QDRANT__TLS__KEY", "QDRANT_AUTHORITY")) {
      Path file = Path.of(folder + qdrant.path("environment").path(name).asText());
      Files.createDirectories(file.getParent());
      environment.put(name, file.toString());
    }
    List<String> command = DeployFiles.strings(qdrant.path("command"));
    assertThat(command.subList(0, 2)).containsExactly("bash", "/opt/qdrant-tls.sh");
    String script = DeployFiles.root().resolve("deploy/qdrant-tls.sh").toString();

    assertThat(run(folder, environment, "bash", script, "touch", "started")).isZero();

    assertThat(folder.resolve("started")).exists();
    X509Certificate authority = certificate(environment.get("QDRANT_AUTHORITY"));
    X509Certificate server = certificate(environment.get("QDRANT__TLS__CERT"));
    server.verify(authority.getPublicKey());
    assertThat(server.getBasicConstraints()).as("signs no other").isEqualTo(-1);
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .contains("qdrant", "localhost", "127.0.0.1");
    Path key = Path.of(environment.get("QDRANT__TLS__KEY"));
    assertThat(Files.getPosixFilePermissions(key))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .as("the authority's key is gone")
          .containsExactlyInAnyOrder("started", "ca.pem", "cert.pem", "key.pem");
    }
    assertThat(run(folder, environment, "bash", script, "true")).isZero();
    assertThat(certificate(environment.get("QDRANT__TLS__CERT"))).isEqualTo(server);
    // As after a start that was cut off between the files.
    Path before = Files.copy(key, folder.resolve("before.pem"));
    Files.delete(key);
    assertThat(run(folder, environment, "bash", script, "true")).isZero();
    Files.move(before, key, StandardCopyOption.REPLACE_EXISTING);
    assertThat(run(folder, environment, "bash", script, "true")).isZero();
    certificate(environment.get("QDRANT__TLS__CERT"))
        .verify(certificate(environment.get("QDRANT_AUTHORITY")).getPublicKey());
    assertThat(run(folder, environment, "openssl", "pkey", "-in", key.toString(), "-check"))
        .isZero();
    // What the volumes give away: nobody but Qdrant has its key.
    services
        .properties()
        .forEach(
            service ->
                assertThat(DeployFiles.strings(service.getValue().path("volumes")))
                    .as(service.getKey())
                    .matches(
                        mounts ->
                            service.getKey().equals("qdrant")
                                || mounts.stream().noneMatch(m -> m.startsWith("qdrant-tls:"))));
  }

  private static X509Certificate certificate(String file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static int run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("VECTORSTREAM_SPARK_SECRET");
    builder.environment().put("SPARK_HOME", folder.toString());
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }
}
